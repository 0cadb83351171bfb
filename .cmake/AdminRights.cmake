# Makes the table of src/rpc/AdminRights.h: cmake -D TABLE=rights.tsv -D PROTOS=folder -D OUTPUT=X.cpp -P AdminRights.cmake
# Fails when a call of a proto file has no row, a row no call, or a row is not understood.
cmake_minimum_required(VERSION 3.25)

set(columns call administrator operator auditor stranger audited)

# Calls: "package.Service/Call".
set(calls "")
file(GLOB_RECURSE protos ${PROTOS}/*.proto)
foreach(proto ${protos})
  file(STRINGS ${proto} lines)
  set(package "")
  set(service "")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "//.*" "" line "${line}")
    if(line MATCHES "^package ([a-z0-9_.]+)")
      set(package ${CMAKE_MATCH_1})
    elseif(line MATCHES "^service ([A-Za-z0-9_]+)")
      set(service ${CMAKE_MATCH_1})
    elseif(line MATCHES "^[ \t]*rpc[ \t]+([A-Za-z0-9_]+)")
      list(APPEND calls ${package}.${service}/${CMAKE_MATCH_1})
    endif()
  endforeach()
endforeach()
list(SORT calls)

set(wrong "")
set(rows "")
set(seen "")
set(heading "")
file(STRINGS ${TABLE} lines)
foreach(line IN LISTS lines)
  if(line MATCHES "^#")
    continue()
  endif()
  string(REPLACE "\t" ";" cells "${line}")
  if(NOT heading)
    set(heading "${cells}")
    if(NOT heading STREQUAL columns)
      list(APPEND wrong "the columns are not \"${columns}\"")
    endif()
    continue()
  endif()
  list(LENGTH cells count)
  list(POP_FRONT cells call)
  if(NOT count EQUAL 6)
    list(APPEND wrong "${call}: ${count} cells instead of 6")
    continue()
  endif()
  if(NOT call IN_LIST calls)
    list(APPEND wrong "${call}: no proto file has this call")
  endif()
  if(call IN_LIST seen)
    list(APPEND wrong "${call}: more than one row")
  endif()
  list(APPEND seen ${call})
  set(values "")
  foreach(cell IN LISTS cells)
    if(cell STREQUAL "yes")
      string(APPEND values ", true")
    elseif(cell STREQUAL "no")
      string(APPEND values ", false")
    else()
      list(APPEND wrong "${call}: \"${cell}\" is neither yes nor no")
    endif()
  endforeach()
  list(APPEND rows "    {\"${call}\"${values}},")
endforeach()
foreach(call IN LISTS calls)
  if(NOT call IN_LIST seen)
    list(APPEND wrong "${call}: no row says who may call it")
  endif()
endforeach()
if(wrong)
  list(JOIN wrong "\n  " wrong)
  message(FATAL_ERROR "${TABLE}:\n  ${wrong}")
endif()

list(SORT rows)
list(JOIN rows "\n" rows)
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "// Made of proto/chancery/rights.tsv.
#include \"src/rpc/AdminRights.h\"

namespace chancery::rpc {
namespace {

constexpr AdminCall kCalls[] = {
${rows}
};

}  // namespace

std::span<const AdminCall> adminCalls() {
    return kCalls;
}

}  // namespace chancery::rpc
" @ONLY)
