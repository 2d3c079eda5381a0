# The one place that finds third-party parts. Versions, licences and users: docs/dependencies.md.
#
# Targets: Boost::headers OpenSSL::SSL OpenSSL::Crypto CURL::libcurl tl::expected GTest::gmock_main Threads::Threads
#          sofia-sip::ua mimalloc SQLiteCpp date::tz nlohmann_json::nlohmann_json pybind11::module_headers neolia_crypto

if(DEFINED ENV{NEOLIA_ENV})
  set(NEOLIA_ENV "$ENV{NEOLIA_ENV}")
else()
  set(NEOLIA_ENV "${CMAKE_SOURCE_DIR}/.env")
endif()
set(NEOLIA_PYTHON "${NEOLIA_ENV}/venv-tools/bin/python" CACHE FILEPATH "Python 3.14 with pybind11 and nlohmann-json")
set(NEOLIA_SQLITECPP_SOURCE "${NEOLIA_ENV}/deps/SQLiteCpp-3.3.3" CACHE PATH "Source of SQLiteCpp")
set(NEOLIA_DATE_SOURCE "${NEOLIA_ENV}/deps/date-3.0.3" CACHE PATH "Source of the date library")
foreach(path NEOLIA_PYTHON NEOLIA_SQLITECPP_SOURCE NEOLIA_DATE_SOURCE)
  if(NOT EXISTS "${${path}}")
    message(FATAL_ERROR "${path} is '${${path}}', which does not exist. Run: scripts/setup native")
  endif()
endforeach()

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sofia_sip REQUIRED IMPORTED_TARGET sofia-sip-ua>=1.12.11)
add_library(sofia-sip::ua ALIAS PkgConfig::sofia_sip)
find_package(mimalloc REQUIRED)
if(NEOLIA_TESTS)
  find_package(GTest 1.12 REQUIRED)
endif()

# --- libcrypto: of the system in programs, its static form in the Python module, which must not share HA's copy.
find_library(NEOLIA_STATIC_CRYPTO libcrypto.a REQUIRED)
add_library(neolia_static_crypto INTERFACE)
target_include_directories(neolia_static_crypto SYSTEM INTERFACE "${OPENSSL_INCLUDE_DIR}")
target_link_libraries(neolia_static_crypto INTERFACE "${NEOLIA_STATIC_CRYPTO}" Threads::Threads ${CMAKE_DL_LIBS})

# The binary that is linked in the end chooses, by its property NEOLIA_STATIC_CRYPTO.
add_library(neolia_crypto INTERFACE)
target_link_libraries(neolia_crypto INTERFACE
  $<IF:$<BOOL:$<TARGET_PROPERTY:NEOLIA_STATIC_CRYPTO>>,neolia_static_crypto,OpenSSL::Crypto>)

# --- SQLite, private to each binary of ours
add_library(sqlite3 STATIC "${NEOLIA_SQLITECPP_SOURCE}/sqlite3/sqlite3.c")
target_include_directories(sqlite3 SYSTEM PUBLIC "${NEOLIA_SQLITECPP_SOURCE}/sqlite3")
# PUBLIC, because SQLiteCpp calls sqlite3_load_extension unless it sees this too.
target_compile_definitions(sqlite3
  PUBLIC SQLITE_OMIT_LOAD_EXTENSION
  PRIVATE SQLITE_THREADSAFE=1 SQLITE_DQS=0 SQLITE_OMIT_DEPRECATED SQLITE_LIKE_DOESNT_MATCH_BLOBS)
target_compile_options(sqlite3 PRIVATE -w -fno-sanitize=undefined)
target_link_libraries(sqlite3 PRIVATE Threads::Threads m)

file(GLOB sqlitecpp_sources "${NEOLIA_SQLITECPP_SOURCE}/src/*.cpp")
add_library(SQLiteCpp STATIC ${sqlitecpp_sources})
target_include_directories(SQLiteCpp SYSTEM PUBLIC "${NEOLIA_SQLITECPP_SOURCE}/include")
target_compile_options(SQLiteCpp PRIVATE -w)
target_link_libraries(SQLiteCpp PUBLIC sqlite3)

# --- time zones, from the system's own database (its "fat" files: this version ignores the rule at the end of "slim" ones)
add_library(date_tz STATIC "${NEOLIA_DATE_SOURCE}/src/tz.cpp")
add_library(date::tz ALIAS date_tz)
target_include_directories(date_tz SYSTEM PUBLIC "${NEOLIA_DATE_SOURCE}/include")
target_compile_definitions(date_tz PUBLIC USE_OS_TZDB=1 HAS_REMOTE_API=0 AUTO_DOWNLOAD=0)
target_compile_options(date_tz PRIVATE -w)
target_link_libraries(date_tz PUBLIC Threads::Threads)

# --- headers that come as Python packages; the suffix tells the ABI of the module
execute_process(
  COMMAND "${NEOLIA_PYTHON}" -c [[
import pathlib, sysconfig, nlohmann_json, pybind11
json = pathlib.Path(nlohmann_json.__file__).parent / "include"
print(sysconfig.get_path("include"), sysconfig.get_config_var("EXT_SUFFIX"), pybind11.get_include(), json, sep=";", end="")
]]
  OUTPUT_VARIABLE python_facts COMMAND_ERROR_IS_FATAL ANY)
list(GET python_facts 0 python_include)
list(GET python_facts 1 NEOLIA_MODULE_SUFFIX)
list(GET python_facts 2 pybind11_include)
list(GET python_facts 3 json_include)

add_library(nlohmann_json INTERFACE)
add_library(nlohmann_json::nlohmann_json ALIAS nlohmann_json)
target_include_directories(nlohmann_json SYSTEM INTERFACE "${json_include}")

add_library(pybind11_headers INTERFACE)
add_library(pybind11::module_headers ALIAS pybind11_headers)
target_include_directories(pybind11_headers SYSTEM INTERFACE "${pybind11_include}" "${python_include}")
