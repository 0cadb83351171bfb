#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "src/base/Status.h"
#include "src/store/Connection.h"

namespace chancery::node {

/// The database of one CA: identities, affiliations, certificates. Thread-safe: one writer at a
/// time, any number of readers beside it.
class CaStore {
public:
    /// Made when missing. Errors of store::Connection and store::migrate.
    static Result<std::unique_ptr<CaStore>> open(const std::filesystem::path& path);

    using Work = std::function<Status(store::Connection&)>;
    /// On one unchanging view of the database.
    Status read(const Work& work);
    /// In one transaction: on disk when it returns OK, nothing of it otherwise. Then `undo` is
    /// called before anybody else writes.
    Status write(
        const Work& work, const std::function<void()>& undo = [] {});

private:
    CaStore(std::filesystem::path path, store::Connection writer)
        : m_path(std::move(path)), m_writer(std::move(writer)) {}
    Result<store::Connection> takeReader();

    const std::filesystem::path m_path;
    std::mutex m_writing;
    store::Connection m_writer;
    std::mutex m_mutex;
    std::vector<store::Connection> m_idle;
};

}  // namespace chancery::node
