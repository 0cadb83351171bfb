#include "tests/node/chaincode/FakeState.h"

#include <fmt/format.h>

#include "src/crypto/Digest.h"

namespace chancery::test {

using node::KeyChange;
using node::StateRow;
using protocol::Version;

namespace {

class Scan final : public node::StateScan {
public:
    explicit Scan(std::vector<StateRow> rows) : m_rows(std::move(rows)) {}
    Result<std::optional<StateRow>> next() override {
        if (m_at == m_rows.size()) return std::optional<StateRow>();
        return std::optional(m_rows[m_at++]);
    }

private:
    std::vector<StateRow> m_rows;
    std::size_t m_at = 0;
};

class Changes final : public node::HistoryScan {
public:
    explicit Changes(std::vector<KeyChange> changes) : m_changes(std::move(changes)) {}
    Result<std::optional<KeyChange>> next() override {
        if (m_at == m_changes.size()) return std::optional<KeyChange>();
        return std::optional(m_changes[m_at++]);
    }

private:
    std::vector<KeyChange> m_changes;
    std::size_t m_at = 0;
};

class View final : public node::StateView {
public:
    explicit View(FakeState state) : m_state(std::move(state)) {}

    BlockNumber height() const override { return m_state.height; }
    Result<std::optional<verify::StateValue>> get(std::string_view ns,
                                                  std::string_view key) const override {
        return m_state.keys.get(ns, key);
    }
    Result<std::optional<Version>> version(std::string_view ns,
                                           std::string_view key) const override {
        return m_state.keys.version(ns, key);
    }
    Result<Bytes> metadata(std::string_view ns, std::string_view key) const override {
        return m_state.keys.metadata(ns, key);
    }
    Result<std::unique_ptr<verify::StateCursor>> range(std::string_view ns, std::string_view start,
                                                       std::string_view end) const override {
        return m_state.keys.range(ns, start, end);
    }
    Result<bool> hasTransaction(std::string_view txId) const override {
        return m_state.keys.hasTransaction(txId);
    }
    Result<std::unique_ptr<node::StateScan>> scan(std::string_view ns, std::string_view start,
                                                  std::string_view end) const override {
        return std::make_unique<Scan>(rows(ns, start, end));
    }
    /// A query is the beginning of the keys that are wanted; a bookmark is a key.
    Result<node::RichQueryPage> query(std::string_view ns, std::string_view mango,
                                      std::uint32_t pageSize,
                                      std::string_view bookmark) const override {
        if (mango.starts_with('!'))
            return makeError(StatusCode::kInvalidArgument, "BAD_QUERY", "no such query");
        node::RichQueryPage page;
        for (auto& row : rows(ns, bookmark, {})) {
            if (!row.key.starts_with(mango)) continue;
            if (pageSize != 0 && page.rows.size() == pageSize) {
                page.bookmark = row.key;
                break;
            }
            page.rows.push_back(std::move(row));
        }
        return page;
    }
    Result<std::unique_ptr<node::HistoryScan>> history(std::string_view ns,
                                                       std::string_view key) const override {
        if (!m_state.history)
            return makeError(StatusCode::kFailedPrecondition, "NO_HISTORY",
                             "history database is not enabled");
        const auto found = m_state.changes.find({std::string(ns), std::string(key)});
        return std::make_unique<Changes>(found == m_state.changes.end() ? std::vector<KeyChange>()
                                                                        : found->second);
    }

private:
    std::vector<StateRow> rows(std::string_view ns, std::string_view start,
                               std::string_view end) const {
        std::vector<StateRow> out;
        const auto* keys = m_state.keys.keys(ns);
        if (keys == nullptr) return out;
        for (auto at = keys->lower_bound(start); at != keys->end(); ++at) {
            if (!end.empty() && at->first >= end) break;
            out.push_back({at->first, at->second});
        }
        return out;
    }

    FakeState m_state;
};

}  // namespace

FakeState& FakeState::put(const std::string& ns, const std::string& key, const std::string& value,
                          Version version, const Bytes& metadata) {
    keys.put(ns, key, {value, metadata, version});
    return *this;
}

FakeState& FakeState::putPrivate(const std::string& ns, const std::string& collection,
                                 const std::string& key, const std::string& value,
                                 Version version) {
    keys.put(verify::hashedNamespace(ns, collection), crypto::sha256(key),
             {crypto::sha256(value), {}, version});
    keys.put(node::privateNamespace(ns, collection), key, {value, {}, version});
    return *this;
}

std::unique_ptr<node::StateView> FakeState::view() const {
    return std::make_unique<View>(*this);
}

}  // namespace chancery::test
