#include "node/ledger/TransactionTable.h"

#include <algorithm>
#include <vector>

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

constexpr char kHexId = 0, kOddId = 1;

/// Well-formed ids are hex of 32 bytes; others, which only hand-made transactions have, are kept as
/// text.
Bytes compact(std::string_view txId) {
    Bytes id(1 + kIdBytes, kHexId);
    bool isHex = txId.size() == 2 * kIdBytes;
    for (std::size_t i = 0; isHex && i < kIdBytes; ++i) {
        const int high = digitOf(txId[2 * i]), low = digitOf(txId[2 * i + 1]);
        isHex = high >= 0 && low >= 0;
        id[1 + i] = static_cast<char>(high << 4 | low);
    }
    if (isHex) return id;
    id.assign(1, kOddId);
    return id.append(txId);
}

std::string textOf(BytesView id) {
    if (id.empty()) return {};
    return id[0] == kHexId ? toHex(id.substr(1)) : std::string(id.substr(1));
}

std::int64_t slotOfHash(BytesView hash) {
    std::uint64_t slot = 0;
    for (std::size_t i = 0; i < sizeof slot && i < hash.size(); ++i)
        slot = slot << 8 | static_cast<std::uint8_t>(hash[i]);
    // Three quarters of the room are left, so that a row always finds a place behind.
    return static_cast<std::int64_t>(slot >> 2);
}

std::int64_t slotOf(BytesView id) {
    return id[0] == kHexId ? slotOfHash(id.substr(1)) : slotOfHash(crypto::sha256(id));
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
    return statement.bind(slotOfHash(headerHash), number).run();
}

Result<std::optional<BlockNumber>> TransactionTable::findBlock(BytesView headerHash) const {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT number FROM blocks WHERE slot = ?"));
    return statement.bind(slotOfHash(headerHash)).first([](Row& row) {
        return row.unsignedInteger(0);
    });
}

/// Fabric's index puts the length, as a varint, before an id.
namespace {
bool comesBefore(std::string_view a, std::string_view b) {
    const auto length = [](std::size_t size) {
        std::string out;
        for (; size >= 0x80; size >>= 7) out.push_back(static_cast<char>(size | 0x80));
        out.push_back(static_cast<char>(size));
        return out;
    };
    return a.size() != b.size() ? length(a.size()) < length(b.size()) : a < b;
}
}  // namespace

Result<std::uint64_t> TransactionTable::count() const {
    ASSIGN_OR_RETURN(auto statement, m_connection.prepare("SELECT count(*) FROM transactions"));
    ASSIGN_OR_RETURN(const auto count,
                     statement.first([](Row& row) { return row.unsignedInteger(0); }));
    return count.value_or(0);
}

Status TransactionTable::each(const std::function<Status(std::string_view txId)>& visit) const {
    std::vector<std::string> odd;
    {
        ASSIGN_OR_RETURN(
            auto statement,
            m_connection.prepare("SELECT id FROM transactions WHERE substr(id, 1, 1) = x'01'"));
        RETURN_IF_ERROR(statement.each([&](Row& row) { odd.push_back(textOf(row.blob(0))); }));
    }
    std::sort(odd.begin(), odd.end(), comesBefore);
    auto nextOdd = odd.begin();
    const auto give = [&](const std::string& id) -> Status {
        for (; nextOdd != odd.end() && comesBefore(*nextOdd, id); ++nextOdd)
            RETURN_IF_ERROR(visit(*nextOdd));
        return visit(id);
    };
    // Slots are in the order of the ids but for those that had to move on, which stand in one piece
    // with what was in their way.
    std::vector<std::string> run;
    std::int64_t last = -2;
    const auto flush = [&]() -> Status {
        std::sort(run.begin(), run.end());
        for (const std::string& id : run) RETURN_IF_ERROR(give(id));
        run.clear();
        return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT slot, id FROM transactions ORDER BY slot"));
    RETURN_IF_ERROR(statement.each([&](Row& row) -> Status {
        const std::int64_t slot = row.integer(0);
        if (slot != last + 1) RETURN_IF_ERROR(flush());
        last = slot;
        const BytesView id = row.blob(1);
        if (!id.empty() && id[0] == kHexId) run.push_back(textOf(id));
        return absl::OkStatus();
    }));
    RETURN_IF_ERROR(flush());
    for (; nextOdd != odd.end(); ++nextOdd) RETURN_IF_ERROR(visit(*nextOdd));
    return absl::OkStatus();
}

}  // namespace chancery::node
