#include "node/ca/CaStore.h"

#include <array>
#include <utility>

#include "src/store/Migration.h"
#include "src/store/Transaction.h"

namespace chancery::node {
namespace {

// Times are milliseconds since 1970; serial numbers and key identifiers are lower-case hex without
// leading zeros, as Fabric CA compares them. log_end: where the issue log ended behind this
// certificate.
constexpr std::array<std::string_view, 1> kSteps = {R"(
CREATE TABLE identity(
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    attributes TEXT NOT NULL,
    secret TEXT NOT NULL,
    max_enrollments INTEGER NOT NULL,
    per_profile INTEGER NOT NULL,
    uses INTEGER NOT NULL DEFAULT 0,
    tls_uses INTEGER NOT NULL DEFAULT 0,
    revoked INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX identity_affiliation ON identity(affiliation);
CREATE TABLE affiliation(
    name TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE certificate(
    number INTEGER PRIMARY KEY,
    serial TEXT NOT NULL UNIQUE,
    aki TEXT NOT NULL,
    id TEXT NOT NULL,
    profile TEXT NOT NULL,
    key_id BLOB NOT NULL,
    not_after INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL DEFAULT 0,
    reason INTEGER NOT NULL DEFAULT 0,
    log_end INTEGER NOT NULL,
    pem TEXT NOT NULL
) STRICT;
CREATE INDEX certificate_id ON certificate(id);
CREATE INDEX certificate_key ON certificate(key_id);
CREATE INDEX certificate_not_after ON certificate(not_after);
CREATE INDEX certificate_revoked ON certificate(revoked_at) WHERE revoked_at > 0;
CREATE TABLE host(
    name TEXT NOT NULL,
    certificate INTEGER NOT NULL REFERENCES certificate(number),
    PRIMARY KEY(name, certificate)
) STRICT, WITHOUT ROWID;
)"};
constexpr store::Schema kSchema{0x43484341, kSteps};

constexpr std::size_t kMostIdle = 8;

}  // namespace

Result<std::unique_ptr<CaStore>> CaStore::open(const std::filesystem::path& path) {
    ASSIGN_OR_RETURN(auto writer, store::Connection::open(path, {.cacheKiB = 8000}));
    RETURN_IF_ERROR(store::migrate(writer, kSchema));
    return std::unique_ptr<CaStore>(new CaStore(path, std::move(writer)));
}

Result<store::Connection> CaStore::takeReader() {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_idle.empty()) {
            store::Connection reader = std::move(m_idle.back());
            m_idle.pop_back();
            return reader;
        }
    }
    ASSIGN_OR_RETURN(
        auto reader,
        store::Connection::open(
            m_path, {.mode = store::OpenMode::ReadOnly, .quickCheck = false, .cacheKiB = 4000}));
    // Long lists read all pages once: without a copy of each that is a third less work.
    RETURN_IF_ERROR(reader.execute("PRAGMA mmap_size = 1073741824"));
    return reader;
}

Status CaStore::read(const Work& work) {
    ASSIGN_OR_RETURN(auto reader, takeReader());
    Status done;
    {
        ASSIGN_OR_RETURN(auto view,
                         store::Transaction::begin(reader, store::Transaction::Kind::Read));
        done = work(reader);
    }
    const std::lock_guard lock(m_mutex);
    // After damage or an I/O error nothing is known about a connection.
    if (m_idle.size() < kMostIdle && !absl::IsDataLoss(done)) m_idle.push_back(std::move(reader));
    return done;
}

struct CaStore::Pending {
    const Work& work;
    const std::function<void()>& undo;
    Status status;
    bool done = false;
};

Status CaStore::write(const Work& work, const std::function<void()>& undo) {
    Pending own{work, undo};
    std::unique_lock lock(m_writing);
    m_waiting.push_back(&own);
    while (!own.done) {
        if (m_isCommitting) {
            m_written.wait(lock);
            continue;
        }
        const auto batch = std::exchange(m_waiting, {});
        m_isCommitting = true;
        lock.unlock();
        commit(batch);
        lock.lock();
        m_isCommitting = false;
        for (Pending* one : batch) one->done = true;
        m_written.notify_all();
    }
    return own.status;
}

void CaStore::commit(const std::vector<Pending*>& batch) {
    const auto part = [&](Pending& one) -> Status {
        ASSIGN_OR_RETURN(auto savepoint, store::Savepoint::begin(m_writer));
        RETURN_IF_ERROR(one.work(m_writer));
        return savepoint.release();
    };
    auto transaction = store::Transaction::begin(m_writer);
    if (!transaction.ok()) {
        for (Pending* one : batch) one->status = transaction.status();
        return;
    }
    for (Pending* one : batch) {
        one->status = part(*one);
        if (!one->status.ok()) one->undo();
    }
    const Status committed = transaction->commit();
    if (committed.ok()) return;
    // The last first: each takes back what it has put behind the others'.
    for (auto one = batch.rbegin(); one != batch.rend(); ++one) {
        if (!(*one)->status.ok()) continue;
        (*one)->status = committed;
        (*one)->undo();
    }
}

}  // namespace chancery::node
