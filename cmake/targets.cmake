# How our own targets are made. Folder = namespace = target = test folder:
# `neolia_library(rules …)` makes rules, also called neolia_rules; `neolia_test(rules …)` makes rules_test, ctest label `rules`.

include(GoogleTest)
add_custom_target(native_tests)

# neolia_library(name SOURCES … DEPENDS …)
function(neolia_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS")
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}/native")
  target_link_libraries(${name} PUBLIC ${arg_DEPENDS} PRIVATE neolia_warnings)
  neolia_precompile(${name})

  if(name MATCHES "^neolia_(.*)")
    add_library(${CMAKE_MATCH_1} ALIAS ${name})
  else()
    add_library(neolia_${name} ALIAS ${name})
    set_target_properties(${name} PROPERTIES OUTPUT_NAME neolia_${name})
  endif()
endfunction()

# neolia_executable(name SOURCES … DEPENDS …)
function(neolia_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} neolia_warnings)
  neolia_precompile(${name})
endfunction()

# neolia_test(name SOURCES … DEPENDS …)
function(neolia_test name)
  string(REGEX REPLACE "^(neolia|test)_|_tests?$" "" folder ${name})
  set(target ${folder}_test)
  neolia_executable(${target} ${ARGN})
  target_link_libraries(${target} PRIVATE GTest::gmock_main)
  target_include_directories(${target} PRIVATE "${CMAKE_SOURCE_DIR}/tests/native")
  if(folder MATCHES "^(model|rules|explain|store)$")
    # Their files name their tables alike.
    set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
  endif()
  add_dependencies(native_tests ${target})
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 PROPERTIES LABELS ${folder} TIMEOUT 120)
endfunction()

# neolia_python_module(name SOURCES … DEPENDS …): in <build>/python, and bundled where NEOLIA_BUNDLE_MODULE says so
function(neolia_python_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS")
  set(exports "${CMAKE_SOURCE_DIR}/cmake/module_exports.map")
  add_library(${name} MODULE ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} pybind11::module_headers neolia_warnings)
  target_link_options(${name} PRIVATE -Wl,--version-script=${exports} -Wl,--gc-sections $<$<CONFIG:Release>:-s>)
  set_target_properties(${name} PROPERTIES
    NEOLIA_STATIC_CRYPTO ON
    LINK_DEPENDS "${exports}"
    PREFIX "" SUFFIX "${NEOLIA_MODULE_SUFFIX}"
    LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/python")
  if(NEOLIA_BUNDLE_MODULE)
    # Runs on each build: another preset may have put its own module there since.
    add_custom_target(bundle_${name} ALL
      COMMAND "${CMAKE_COMMAND}" -E copy_if_different
        "$<TARGET_FILE:${name}>" "${CMAKE_SOURCE_DIR}/custom_components/neolia_intercom/$<TARGET_FILE_NAME:${name}>"
      DEPENDS ${name} VERBATIM)
  endif()
endfunction()
