#include "node/ledger/TransactionTable.h"

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"

namespace chancery::node {
namespace {

using store::Blob;
using store::Row;

constexpr std::size_t kIdBytes = 32;

int digitOf(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

/// Well-formed ids are hex of 32 bytes; of others, which only hand-made transactions have, the hash
/// is kept, with a mark.
Bytes compact(std::string_view txId) {
    Bytes id(kIdBytes, '\0');
    bool isHex = txId.size() == 2 * kIdBytes;
    for (std::size_t i = 0; isHex && i < kIdBytes; ++i) {
        const int high = digitOf(txId[2 * i]), low = digitOf(txId[2 * i + 1]);
        isHex = high >= 0 && low >= 0;
        id[i] = static_cast<char>(high << 4 | low);
    }
    if (isHex) return id;
    id = crypto::sha256(txId);
    id.push_back('?');
    return id;
}

std::int64_t slotOf(BytesView id) {
    std::uint64_t slot = 0;
    for (std::size_t i = 0; i < sizeof slot && i < id.size(); ++i)
        slot = slot << 8 | static_cast<std::uint8_t>(id[i]);
    // Half of the room is left, so that a row always finds a place behind.
    return static_cast<std::int64_t>(slot >> 2);
}

struct SlotRow {
    bool isThis = false;
    TransactionTable::Found found;
};

}  // namespace

Result<std::optional<TransactionTable::Found>> TransactionTable::find(std::string_view txId) const {
    const Bytes id = compact(txId);
    ASSIGN_OR_RETURN(
        auto statement,
        m_connection.prepare("SELECT id, block, tx, code FROM transactions WHERE slot = ?"));
    for (std::int64_t slot = slotOf(id);; ++slot) {
        ASSIGN_OR_RETURN(const auto row, statement.bind(slot).first([&](Row& found) {
            SlotRow out{found.blob(0) == id, {}};
            if (!found.isNull(1)) {
                out.found.place = {found.unsignedInteger(1), found.unsignedInteger(2)};
                out.found.code = static_cast<protocol::ValidationCode>(found.integer(3));
            }
            return out;
        }));
        if (!row) return std::optional<Found>();
        if (row->isThis) return std::optional(row->found);
    }
}

Status TransactionTable::add(std::string_view txId, const Found& found) {
    const Bytes id = compact(txId);
    ASSIGN_OR_RETURN(
        auto statement,
        m_connection.prepare("INSERT INTO transactions(slot, id, block, tx, code) VALUES(?, ?, ?, "
                             "?, ?) ON CONFLICT(slot) DO NOTHING"));
    std::optional<std::uint64_t> block, transaction;
    std::optional<std::int64_t> code;
    if (found.place) {
        block = found.place->block;
        transaction = found.place->transaction;
        code = static_cast<std::int64_t>(found.code);
    }
    for (std::int64_t slot = slotOf(id);; ++slot) {
        RETURN_IF_ERROR(statement.bind(slot, Blob(id), block, transaction, code).run());
        if (m_connection.changes() > 0) return absl::OkStatus();
        ASSIGN_OR_RETURN(auto other,
                         m_connection.prepare("SELECT id FROM transactions WHERE slot = ?"));
        ASSIGN_OR_RETURN(const auto isThis,
                         other.bind(slot).first([&](Row& row) { return row.blob(0) == id; }));
        if (isThis.value_or(false)) return absl::OkStatus();
    }
}

Status TransactionTable::addBlock(BytesView headerHash, BlockNumber number) {
    ASSIGN_OR_RETURN(
        auto statement,
        m_connection.prepare("INSERT OR REPLACE INTO blocks(slot, number) VALUES(?, ?)"));
    return statement.bind(slotOf(headerHash), number).run();
}

Result<std::optional<BlockNumber>> TransactionTable::findBlock(BytesView headerHash) const {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT number FROM blocks WHERE slot = ?"));
    return statement.bind(slotOf(headerHash)).first([](Row& row) {
        return row.unsignedInteger(0);
    });
}

}  // namespace chancery::node
