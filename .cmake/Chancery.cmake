# The few build functions of this project. A folder is one static library; its CMakeLists.txt is one call.

find_package(Threads REQUIRED)
# For everything, because gRPC asks its users for it and a precompiled header fits only equal options.
add_compile_options(-pthread)
find_package(absl CONFIG REQUIRED)
find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(fmt CONFIG REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(LibArchive REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET GLOBAL cpp-httplib)
pkg_check_modules(gmp REQUIRED IMPORTED_TARGET GLOBAL gmp)
pkg_check_modules(ldap REQUIRED IMPORTED_TARGET GLOBAL ldap lber)
# Only the header of PKCS#11: modules are loaded at run time.
pkg_check_modules(p11kit REQUIRED p11-kit-1)
add_library(chancery_pkcs11_header INTERFACE)
target_include_directories(chancery_pkcs11_header SYSTEM INTERFACE ${p11kit_INCLUDE_DIRS})
pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET GLOBAL jemalloc)

find_program(CHANCERY_CCACHE ccache)
if(CHANCERY_CCACHE)
  # A base directory lets two checkouts share one cache; the sloppiness is what precompiled headers need.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=4G
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CHANCERY_CCACHE})
endif()
find_program(CHANCERY_MOLD mold)
if(CHANCERY_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(CHANCERY_SANITIZE)
  add_compile_options(-fsanitize=${CHANCERY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CHANCERY_SANITIZE})
endif()
if(CHANCERY_SANITIZE MATCHES "thread")
  include_directories(BEFORE ${CMAKE_SOURCE_DIR}/tests/support/tsan)
  find_package(absl REQUIRED)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/support/tsan.supp)
  file(READ ${CMAKE_SOURCE_DIR}/tests/support/tsan.supp text)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/TsanDefaults.cpp @ONLY CONTENT
"extern \"C\" const char* __tsan_default_options();
extern \"C\" const char* __tsan_default_options() {
    return \"halt_on_error=1:second_deadlock_stack=1:history_size=4:ignore_noninstrumented_modules=1:die_after_fork=0\";
}
extern \"C\" const char* __tsan_default_suppressions();
extern \"C\" const char* __tsan_default_suppressions() {
    return R\"(@text@)\";
}
")
  add_library(chancery_tsan_support OBJECT tests/support/TsanAbslMutex.cpp tests/support/tsan/TsanGrpc.cpp)
  target_link_libraries(chancery_tsan_support PRIVATE gRPC::grpc++ absl::synchronization)
endif()
# What the sanitizers cannot see, told to a program that is not run by ctest itself: tests/support/tsan.supp, and the heap
# for secrets.
function(chancery_tell_sanitizers target)
  if(CHANCERY_SANITIZE MATCHES "address")
    target_sources(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/LsanSecureHeap.cpp)
    target_link_libraries(${target} PRIVATE OpenSSL::Crypto ${CMAKE_DL_LIBS})
  endif()
  if(CHANCERY_SANITIZE MATCHES "thread")
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:chancery_tsan_support> ${CMAKE_BINARY_DIR}/TsanDefaults.cpp)
    target_link_libraries(${target} PRIVATE absl::synchronization ${CMAKE_DL_LIBS})
  endif()
endfunction()
if(CHANCERY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

add_library(chancery_warnings INTERFACE)
target_compile_options(chancery_warnings INTERFACE -Wall -Wextra -Wno-missing-field-initializers
                       # gcc 12 reports std::string temporaries at -O2 although they are initialised.
                       $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized> $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
                       $<$<BOOL:${CHANCERY_WERROR}>:-Werror>)

if(CHANCERY_PCH)
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/pch/pch.cpp CONTENT "")
  add_library(chancery_pch OBJECT ${CMAKE_BINARY_DIR}/pch/pch.cpp)
  target_link_libraries(chancery_pch PRIVATE chancery_warnings absl::statusor absl::strings absl::time fmt::fmt)
  target_precompile_headers(chancery_pch PRIVATE
    <algorithm> <array> <atomic> <chrono> <compare> <condition_variable> <cstdint> <cstring> <deque> <filesystem>
    <functional> <map> <memory> <mutex> <optional> <set> <span> <sstream> <string> <string_view> <thread> <tuple>
    <unordered_map> <unordered_set> <utility> <variant> <vector>
    <absl/status/status.h> <absl/status/statusor.h> <absl/time/time.h> <fmt/format.h>)
endif()

# Tests are compiled for a quick build, not for speed; what they call is optimised.
set(CHANCERY_TEST_OPTIONS -O0)

# Called once, after Qt is found: what nearly every test includes.
function(chancery_prepare_tests)
  # Only QFINDTESTDATA needs this folder name, which would keep two checkouts from sharing a compiler cache.
  get_target_property(definitions Qt6::Test INTERFACE_COMPILE_DEFINITIONS)
  list(FILTER definitions EXCLUDE REGEX "QT_TESTCASE_")
  set_target_properties(Qt6::Test PROPERTIES INTERFACE_COMPILE_DEFINITIONS "${definitions}")
  if(CHANCERY_PCH)
    set(kinds test)
    if(CHANCERY_CONSOLE)
      list(APPEND kinds ui_test)
    endif()
    foreach(kind ${kinds})
      add_library(chancery_${kind}_pch OBJECT ${CMAKE_BINARY_DIR}/pch/pch.cpp)
      target_compile_options(chancery_${kind}_pch PRIVATE ${CHANCERY_TEST_OPTIONS})
      target_link_libraries(chancery_${kind}_pch PRIVATE chancery_warnings Qt6::Test nlohmann_json::nlohmann_json
                            absl::statusor absl::strings absl::time fmt::fmt)
      target_precompile_headers(chancery_${kind}_pch PRIVATE
        <algorithm> <filesystem> <functional> <map> <memory> <optional> <set> <string> <string_view> <vector>
        <absl/status/status.h> <absl/status/statusor.h> <absl/time/time.h> <fmt/format.h>
        <nlohmann/json.hpp> <QTest>)
    endforeach()
    if(CHANCERY_CONSOLE)
      target_link_libraries(chancery_ui_test_pch PRIVATE Qt6::Widgets)
      target_compile_definitions(chancery_ui_test_pch PRIVATE QT_NO_KEYWORDS)
      target_precompile_headers(chancery_ui_test_pch PRIVATE <QtWidgets>)
    endif()
  endif()
endfunction()

# Small sources of one folder are compiled together, as most of their time goes into headers. A group takes neighbours of
# the alphabet; where one ends depends on names and sizes near by, so that a new file changes one group and not all. A
# large source gains nothing and stays alone, so that a change is compiled quickly.
function(chancery_group_sources target)
  if(NOT CHANCERY_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # gcc takes the unnamed namespace of an included source for one that a header offers.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  set(sources ${ARGN})
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  list(SORT sources)
  set(count 0)
  set(bytes 0)
  foreach(source ${sources})
    get_filename_component(stem ${source} NAME_WE)
    get_filename_component(path ${source} ABSOLUTE)
    file(SIZE ${path} size)
    string(MD5 hash ${stem})
    if(size GREATER 16000)
      continue()
    endif()
    math(EXPR bytes "${bytes} + ${size}")
    if(count EQUAL 0 OR count EQUAL 10 OR bytes GREATER 44000 OR (count GREATER 3 AND hash MATCHES "^[0-2]"))
      set(group ${stem})
      set(count 0)
      set(bytes ${size})
    endif()
    math(EXPR count "${count} + 1")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
  endforeach()
endfunction()

function(chancery_use_pch target)
  if(CHANCERY_PCH)
    target_link_libraries(${target} PRIVATE absl::statusor absl::strings absl::time fmt::fmt)
    target_precompile_headers(${target} REUSE_FROM chancery_pch)
  endif()
endfunction()

# chancery_library(policy base wire identity FOREIGN OpenSSL::Crypto)
# Builds every .cpp of the calling folder as chancery_<name>. Plain names are our own libraries (seen by users too);
# FOREIGN libraries stay an affair of this folder; TYPES_OF are foreign libraries whose types stand in our headers.
# QUICK rooms call others for whatever takes time: everyday builds spend less on optimising them.
function(chancery_library name)
  cmake_parse_arguments(arg "QUICK" "" "FOREIGN;TYPES_OF" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")  # a program's own, see chancery_executable
  add_library(chancery_${name} STATIC ${sources})
  set_target_properties(chancery_${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_include_directories(chancery_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  foreach(dependency ${arg_UNPARSED_ARGUMENTS})
    target_link_libraries(chancery_${name} PUBLIC chancery_${dependency})
  endforeach()
  target_link_libraries(chancery_${name} PUBLIC ${arg_TYPES_OF} absl::statusor absl::strings absl::time fmt::fmt)
  target_link_libraries(chancery_${name} PRIVATE chancery_warnings ${arg_FOREIGN})
  if(arg_QUICK)
    target_compile_options(chancery_${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O1>)
  endif()
  chancery_use_pch(chancery_${name})
  chancery_group_sources(chancery_${name} ${sources})
endfunction()

# chancery_executable(chanceryctl LIBS cli)
function(chancery_executable name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS;FOREIGN" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  foreach(dependency ${arg_LIBS})
    target_link_libraries(${name} PRIVATE chancery_${dependency})
  endforeach()
  target_link_libraries(${name} PRIVATE chancery_warnings ${arg_FOREIGN})
  chancery_use_pch(${name})
  chancery_group_sources(${name} ${arg_SOURCES})
  chancery_tell_sanitizers(${name})
endfunction()

# For programs that make and drop many small messages on several threads. Sanitizers bring their own memory.
function(chancery_use_jemalloc target)
  if(NOT CHANCERY_SANITIZE)
    target_link_libraries(${target} PRIVATE PkgConfig::jemalloc)
  endif()
endfunction()

# Exchanges generated sources for a few that include them. protoc gives each of its files two variables of the same
# name; its headers know one of those names and are read first.
function(chancery_group_generated result folder)
  if(NOT CHANCERY_UNITY)
    return()
  endif()
  set(parts "")
  list(LENGTH ARGN length)
  set(content "")
  set(members "")
  foreach(member ${ARGN})
    if(NOT content)
      set(content "#include <google/protobuf/generated_message_reflection.h>\n#include <google/protobuf/message.h>\n")
    endif()
    # Without the folder, for checkouts that share a compiler cache.
    file(RELATIVE_PATH path ${folder} ${member})
    string(MAKE_C_IDENTIFIER ${path} unique)
    foreach(variable schemas file_default_instances)
      string(APPEND content "#define ${variable} ${variable}_${unique}\n")
    endforeach()
    string(APPEND content "#include \"${path}\"\n#undef schemas\n#undef file_default_instances\n")
    list(APPEND members ${member})
    math(EXPR length "${length} - 1")
    list(LENGTH members taken)
    if(taken EQUAL 8 OR length EQUAL 0)
      list(LENGTH parts number)
      set(part ${folder}/part_${number}.cc)
      file(CONFIGURE OUTPUT ${part} CONTENT "${content}" @ONLY)
      set_source_files_properties(${part} PROPERTIES OBJECT_DEPENDS "${members}")
      list(APPEND parts ${part})
      set(content "")
      set(members "")
    endif()
  endforeach()
  set(${result} ${parts} PARENT_SCOPE)
endfunction()

# chancery_proto_library(fabric_messages PROTOS fabric/common/common.proto … [GRPC] [LIBS other proto libraries])
# Paths are relative to proto/. One command generates the whole library.
function(chancery_proto_library name)
  cmake_parse_arguments(arg "GRPC" "" "PROTOS;LIBS" ${ARGN})
  set(root ${CMAKE_SOURCE_DIR}/proto)
  set(generated ${CMAKE_BINARY_DIR}/proto/${name})
  file(MAKE_DIRECTORY ${generated})
  set(outputs "")
  set(inputs "")
  foreach(proto ${arg_PROTOS})
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    list(APPEND inputs ${root}/${proto})
    list(APPEND outputs ${generated}/${stem}.pb.cc ${generated}/${stem}.pb.h)
    if(arg_GRPC)
      list(APPEND outputs ${generated}/${stem}.grpc.pb.cc ${generated}/${stem}.grpc.pb.h)
    endif()
  endforeach()
  set(grpc_arguments "")
  if(arg_GRPC)
    set(grpc_arguments --grpc_out=${generated} --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>)
  endif()
  add_custom_command(OUTPUT ${outputs}
    COMMAND protobuf::protoc -I ${root} --cpp_out=${generated} ${grpc_arguments} ${arg_PROTOS}
    DEPENDS ${inputs} WORKING_DIRECTORY ${root} COMMENT "Generating ${name}" VERBATIM)
  list(FILTER outputs INCLUDE REGEX "\\.cc$")
  chancery_group_generated(outputs ${generated} ${outputs})
  add_library(chancery_${name} STATIC ${outputs})
  target_include_directories(chancery_${name} SYSTEM PUBLIC ${generated})
  # Parsing runs in this code, so it is optimised; debug information would only slow the link.
  target_compile_options(chancery_${name} PRIVATE -O2 -g0 -w)
  target_link_libraries(chancery_${name} PUBLIC protobuf::libprotobuf)
  if(arg_GRPC)
    target_link_libraries(chancery_${name} PUBLIC gRPC::grpc++)
  endif()
  foreach(dependency ${arg_LIBS})
    target_link_libraries(chancery_${name} PUBLIC chancery_${dependency})
  endforeach()
endfunction()

# Runs moc over the test classes of a program: one quick command each, where AUTOMOC would read every source and
# compile a file of its own for each program.
function(chancery_moc target)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/moc)
  file(MAKE_DIRECTORY ${folder})
  target_include_directories(${target} PRIVATE ${folder})
  foreach(source ${ARGN})
    get_filename_component(stem ${source} NAME_WE)
    set(output ${folder}/${stem}.moc)
    if(source MATCHES "\\.h$")
      set(output ${folder}/moc_${stem}.cpp)
    endif()
    add_custom_command(OUTPUT ${output} COMMAND Qt6::moc --no-notes ${source} -o ${output} DEPENDS ${source} VERBATIM
                       COMMENT "")
    target_sources(${target} PRIVATE ${output})
  endforeach()
endfunction()

# chancery_test(policy LIBS policy …): all *Test.cpp of the calling folder become one program test_<name>;
# each file is one ctest entry <name>.<Class>. With WIDGETS it runs in a QApplication that needs no display.
function(chancery_test name)
  cmake_parse_arguments(arg "WIDGETS" "" "LIBS;FOREIGN" ${ARGN})
  set(support test)
  if(arg_WIDGETS)
    set(support ui_test)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_executable(test_${name} ${sources})
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  set(mocs ${sources})
  list(FILTER mocs INCLUDE REGEX "Test\\.cpp$")
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  foreach(header ${headers})
    file(STRINGS ${header} objects REGEX "Q_OBJECT|Q_GADGET")
    if(objects)
      list(APPEND mocs ${header})
    endif()
  endforeach()
  chancery_moc(test_${name} ${mocs})
  foreach(dependency ${arg_LIBS})
    target_link_libraries(test_${name} PRIVATE chancery_${dependency})
  endforeach()
  target_link_libraries(test_${name} PRIVATE chancery_warnings chancery_${support}_support ${arg_FOREIGN})
  target_compile_options(test_${name} PRIVATE ${CHANCERY_TEST_OPTIONS})
  if(CHANCERY_PCH)
    target_precompile_headers(test_${name} REUSE_FROM chancery_${support}_pch)
  endif()
  chancery_group_sources(test_${name} ${sources})
  foreach(source ${sources})
    get_filename_component(stem ${source} NAME_WE)
    if(stem MATCHES "Test$")
      add_test(NAME ${name}.${stem} COMMAND test_${name} ${stem})
      set_tests_properties(${name}.${stem} PROPERTIES TIMEOUT 300)
    endif()
  endforeach()
endfunction()

# chancery_fuzz(WireFuzz LIBS wire): with CHANCERY_FUZZ a libFuzzer program; always a part of fuzz_replays, by which ctest
# replays the stored inputs in tests/fuzz/corpus/WireFuzz and holds each input to its memory cap.
function(chancery_fuzz name)
  cmake_parse_arguments(arg "" "" "LIBS;FOREIGN" ${ARGN})
  list(TRANSFORM arg_LIBS PREPEND chancery_)
  if(CHANCERY_FUZZ)
    add_executable(${name} ${name}.cpp)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_link_libraries(${name} PRIVATE chancery_warnings chancery_fuzz_support ${arg_LIBS} ${arg_FOREIGN})
  endif()
  # One program for all replays, because linking two dozen of them takes longer than they run.
  add_library(chancery_replay_${name} OBJECT ${name}.cpp)
  target_compile_definitions(chancery_replay_${name} PRIVATE LLVMFuzzerTestOneInput=replay${name})
  target_link_libraries(chancery_replay_${name} PRIVATE chancery_warnings chancery_fuzz_support ${arg_LIBS} ${arg_FOREIGN})
  target_compile_options(chancery_replay_${name} PRIVATE ${CHANCERY_TEST_OPTIONS})
  set_property(GLOBAL APPEND PROPERTY CHANCERY_FUZZ_TARGETS ${name})
  add_test(NAME fuzz.${name} COMMAND fuzz_replays ${name} ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
  set_tests_properties(fuzz.${name} PROPERTIES TIMEOUT 300)
endfunction()

# Called once, after every chancery_fuzz.
function(chancery_fuzz_replays)
  get_property(names GLOBAL PROPERTY CHANCERY_FUZZ_TARGETS)
  set(table ${CMAKE_CURRENT_BINARY_DIR}/FuzzTargets.cpp)
  set(content "#include \"tests/support/FuzzTargets.h\"\n")
  foreach(name ${names})
    string(APPEND content "extern \"C\" int replay${name}(const std::uint8_t*, std::size_t);\n")
  endforeach()
  string(APPEND content "namespace chancery::test {\nconst std::map<std::string_view, FuzzTarget>& fuzzTargets() {\n"
         "    static const std::map<std::string_view, FuzzTarget> all{\n")
  foreach(name ${names})
    string(APPEND content "        {\"${name}\", replay${name}},\n")
  endforeach()
  string(APPEND content "    };\n    return all;\n}\n}  // namespace chancery::test\n")
  file(GENERATE OUTPUT ${table} CONTENT "${content}")
  add_executable(fuzz_replays ${table} ${CMAKE_SOURCE_DIR}/tests/support/FuzzReplay.cpp
                 ${CMAKE_SOURCE_DIR}/tests/support/PeakMemory.cpp)
  set_target_properties(fuzz_replays PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(fuzz_replays PRIVATE chancery_warnings chancery_fuzz_support)
  foreach(name ${names})
    # Linking an object library brings its object and what that needs.
    target_link_libraries(fuzz_replays PRIVATE chancery_replay_${name})
  endforeach()
endfunction()

# Called once, before the folders of ui/: what nearly every source there includes.
function(chancery_prepare_ui)
  if(CHANCERY_PCH)
    add_library(chancery_ui_pch OBJECT ${CMAKE_BINARY_DIR}/pch/pch.cpp)
    target_compile_options(chancery_ui_pch PRIVATE ${CHANCERY_UI_OPTIONS})
    target_compile_definitions(chancery_ui_pch PRIVATE QT_NO_KEYWORDS)
    target_link_libraries(chancery_ui_pch PRIVATE chancery_warnings Qt6::Widgets absl::statusor absl::strings absl::time
                          fmt::fmt)
    target_precompile_headers(chancery_ui_pch PRIVATE
      <algorithm> <functional> <map> <memory> <optional> <string> <string_view> <utility> <vector>
      <absl/status/status.h> <absl/status/statusor.h> <absl/time/time.h> <fmt/format.h> <QtWidgets>)
  endif()
endfunction()

# Widgets are compiled for a quick build: their time goes into Qt, which is optimised.
set(CHANCERY_UI_OPTIONS -O1)

# chancery_ui_library(widgets style FOREIGN Qt6::Svg): every .cpp of the calling folder of ui/ as chancery_ui_<name>.
# Plain names are folders of ui/ or of src/, those of ui/ with their prefix: ui_style, usecase.
function(chancery_ui_library name)
  cmake_parse_arguments(arg "" "" "FOREIGN" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  add_library(chancery_ui_${name} STATIC ${sources})
  set_target_properties(chancery_ui_${name} PROPERTIES AUTOMOC ON LINKER_LANGUAGE CXX)
  target_include_directories(chancery_ui_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  foreach(dependency ${arg_UNPARSED_ARGUMENTS})
    target_link_libraries(chancery_ui_${name} PUBLIC chancery_${dependency})
  endforeach()
  target_compile_options(chancery_ui_${name} PRIVATE ${CHANCERY_UI_OPTIONS})
  target_compile_definitions(chancery_ui_${name} PRIVATE QT_NO_KEYWORDS)
  target_link_libraries(chancery_ui_${name} PUBLIC Qt6::Widgets absl::statusor absl::strings absl::time fmt::fmt)
  target_link_libraries(chancery_ui_${name} PRIVATE chancery_warnings ${arg_FOREIGN})
  if(CHANCERY_PCH)
    target_precompile_headers(chancery_ui_${name} REUSE_FROM chancery_ui_pch)
  endif()
  chancery_group_sources(chancery_ui_${name} ${sources})
endfunction()

# chancery_translations(shell): compiles resources/translations/*.ts into the resources of chancery_ui_<name>. The
# sources of all texts are below ui/; `./dev translate` looks for new ones.
function(chancery_translations name)
  file(GLOB texts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/resources/translations/*.ts)
  set(qrc "<RCC>\n<qresource prefix=\"/translations\">\n")
  set(compiled "")
  foreach(ts ${texts})
    get_filename_component(stem ${ts} NAME_WE)
    set(qm ${CMAKE_CURRENT_BINARY_DIR}/${stem}.qm)
    add_custom_command(OUTPUT ${qm} COMMAND Qt6::lrelease -silent ${ts} -qm ${qm} DEPENDS ${ts} VERBATIM
                       COMMENT "Compiling the texts of ${stem}")
    string(APPEND qrc "<file alias=\"${stem}.qm\">${qm}</file>\n")
    list(APPEND compiled ${qm})
  endforeach()
  file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/translations.qrc CONTENT "${qrc}</qresource>\n</RCC>\n")
  set(source ${CMAKE_CURRENT_BINARY_DIR}/qrc_translations.cpp)
  add_custom_command(OUTPUT ${source} VERBATIM
                     COMMAND Qt6::rcc --name translations -o ${source} ${CMAKE_CURRENT_BINARY_DIR}/translations.qrc
                     DEPENDS ${compiled} ${CMAKE_CURRENT_BINARY_DIR}/translations.qrc)
  target_sources(chancery_ui_${name} PRIVATE ${source})
  set_source_files_properties(${source} PROPERTIES SKIP_PRECOMPILE_HEADERS ON SKIP_AUTOMOC ON)
endfunction()
