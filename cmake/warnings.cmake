# Linked privately by every target of ours, by no third-party one.
add_library(neolia_warnings INTERFACE)
target_compile_options(neolia_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -Wold-style-cast -Wcast-align -Wcast-qual -Wimplicit-fallthrough -Wformat=2
  $<$<BOOL:${NEOLIA_WERROR}>:-Werror>)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(neolia_warnings INTERFACE -Wduplicated-cond -Wlogical-op)
  if(CMAKE_UNITY_BUILD)
    # Of several files built as one, g++ takes all but the first for headers.
    target_compile_options(neolia_warnings INTERFACE -Wno-subobject-linkage)
  endif()
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # Wrong alarms inside std::string: https://gcc.gnu.org/bugzilla/show_bug.cgi?id=105651
    target_compile_options(neolia_warnings INTERFACE -Wno-restrict)
  endif()
endif()
