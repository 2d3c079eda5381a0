# NEOLIA_PRECOMPILE: one precompiled header for all targets of ours, with JSON's templates made once. For builds with
# sanitizers, which nobody changes one file of; elsewhere each file includes what it uses and proves that it does.

if(NEOLIA_PRECOMPILE)
  add_library(neolia_precompiled STATIC "${CMAKE_SOURCE_DIR}/cmake/precompiled.cpp")
  target_link_libraries(neolia_precompiled PUBLIC nlohmann_json::nlohmann_json tl::expected PRIVATE neolia_warnings)
  target_precompile_headers(neolia_precompiled PRIVATE "${CMAKE_SOURCE_DIR}/cmake/precompiled.hpp")
endif()

# neolia_precompile(target): call it when the target is complete
function(neolia_precompile target)
  if(NOT NEOLIA_PRECOMPILE)
    return()
  endif()
  target_link_libraries(${target} PRIVATE neolia_precompiled)
  target_precompile_headers(${target} REUSE_FROM neolia_precompiled)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "EXECUTABLE")
    # The header was compiled with -fPIC, which -fPIE would not fit.
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${target} PRIVATE -fPIC)
  endif()
endfunction()
