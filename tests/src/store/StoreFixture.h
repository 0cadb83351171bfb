#pragma once

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <filesystem>
#include <string>
#include <vector>

#include "src/store/Connection.h"

namespace chancery::store::test {

/// A folder that goes with the test function; in memory where the system has such a place, because
/// every commit is synced and a test is not about the disk.
class Folder {
public:
    Folder() : m_folder(place() + "/chancery-XXXXXX") {}
    std::filesystem::path operator/(const char* name) const {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }

private:
    static QString place() {
        const QFileInfo memory("/dev/shm");
        return memory.isDir() && memory.isWritable() ? memory.filePath() : QDir::tempPath();
    }
    QTemporaryDir m_folder;
};

/// All integers of the first column of a query; an error reason in place of a number that is not
/// there.
inline Result<std::vector<std::int64_t>> numbers(Connection& connection, std::string_view query) {
    std::vector<std::int64_t> values;
    ASSIGN_OR_RETURN(Statement statement, connection.prepare(query));
    RETURN_IF_ERROR(statement.each([&](Row& row) { values.push_back(row.integer(0)); }));
    return values;
}

template <class... Values>
Status run(Connection& connection, std::string_view sql, const Values&... values) {
    ASSIGN_OR_RETURN(Statement statement, connection.prepare(sql));
    return statement.bind(values...).run();
}

using Numbers = std::vector<std::int64_t>;

}  // namespace chancery::store::test
