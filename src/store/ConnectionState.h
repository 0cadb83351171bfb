#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Status.h"

namespace chancery::store {

/// What a connection and its statements share. An affair of this folder.
struct ConnectionState {
    explicit ConnectionState(std::filesystem::path file) : path(std::move(file)) {}
    ~ConnectionState();
    ConnectionState(const ConnectionState&) = delete;
    ConnectionState& operator=(const ConnectionState&) = delete;

    /// The last error of the handle as a status; `result` is the extended code that was returned.
    Status error(int result, std::string_view doing) const;
    Status badSql(std::string_view sentence) const;

    /// Compiles, or takes an idle statement of the same text.
    Result<sqlite3_stmt*> prepare(std::string_view sql);
    /// Keeps a statement for the next time.
    void giveBack(sqlite3_stmt* statement);

    std::filesystem::path path;
    sqlite3* handle = nullptr;
    std::vector<sqlite3_stmt*> idle;  // least recently used first
};

}  // namespace chancery::store
