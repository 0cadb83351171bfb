#include "node/ledger/TransientStore.h"

#include <array>

#include "src/store/Migration.h"
#include "src/store/Transaction.h"

namespace chancery::node {
namespace {

using store::Blob;
using store::Row;

constexpr std::array<std::string_view, 1> kSteps{
    "CREATE TABLE held (id INTEGER PRIMARY KEY, tx BLOB NOT NULL, height INTEGER NOT NULL, "
    "  writes BLOB NOT NULL);"
    "CREATE INDEX held_tx ON held(tx);"
    "CREATE INDEX held_height ON held(height);"};
constexpr store::Schema kSchema{0x43485452, kSteps};

}  // namespace

Result<store::Connection*> TransientStore::database(bool make) {
    if (m_connection) return &*m_connection;
    std::error_code error;
    if (!make && !std::filesystem::exists(m_file, error)) return nullptr;
    ASSIGN_OR_RETURN(auto opened,
                     store::Connection::open(m_file, {.cacheKiB = 512, .checkpointPages = 1000}));
    RETURN_IF_ERROR(store::migrate(opened, kSchema));
    m_connection = std::move(opened);
    return &*m_connection;
}

Status TransientStore::check() {
    const std::lock_guard lock(m_mutex);
    return database(false).status();
}

Status TransientStore::hold(const TxId& txId, BlockNumber heldAt, BytesView txPvtReadWriteSet) {
    const std::lock_guard lock(m_mutex);
    ASSIGN_OR_RETURN(store::Connection * db, database(true));
    ASSIGN_OR_RETURN(auto statement,
                     db->prepare("INSERT INTO held(tx, height, writes) VALUES(?, ?, ?)"));
    return statement.bind(Blob(txId.str()), heldAt, Blob(txPvtReadWriteSet)).run();
}

Result<std::vector<Bytes>> TransientStore::of(const TxId& txId) {
    const std::lock_guard lock(m_mutex);
    std::vector<Bytes> out;
    ASSIGN_OR_RETURN(store::Connection * db, database(false));
    if (db == nullptr) return out;
    ASSIGN_OR_RETURN(auto statement,
                     db->prepare("SELECT writes FROM held WHERE tx = ? ORDER BY id"));
    RETURN_IF_ERROR(
        statement.bind(Blob(txId.str())).each([&](Row& row) { out.emplace_back(row.blob(0)); }));
    return out;
}

Status TransientStore::drop(const std::vector<TxId>& committed, BlockNumber olderThan) {
    const std::lock_guard lock(m_mutex);
    ASSIGN_OR_RETURN(store::Connection * db, database(false));
    if (db == nullptr) return absl::OkStatus();
    // Most blocks have nothing to drop, and a transaction would sync.
    ASSIGN_OR_RETURN(auto any, db->prepare("SELECT 1 FROM held LIMIT 1"));
    ASSIGN_OR_RETURN(const auto found, any.first([](Row& row) { return row.integer(0); }));
    if (!found) return absl::OkStatus();
    ASSIGN_OR_RETURN(auto transaction, store::Transaction::begin(*db));
    {
        ASSIGN_OR_RETURN(auto statement, db->prepare("DELETE FROM held WHERE tx = ?"));
        for (const TxId& txId : committed)
            if (!txId.empty()) RETURN_IF_ERROR(statement.bind(Blob(txId.str())).run());
        ASSIGN_OR_RETURN(auto old, db->prepare("DELETE FROM held WHERE height < ?"));
        RETURN_IF_ERROR(old.bind(olderThan).run());
    }
    return transaction.commit();
}

}  // namespace chancery::node
