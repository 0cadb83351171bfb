#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/store/Connection.h"

namespace chancery::index {

/// What a name names; the column names.kind.
enum class NameKind { Contract = 1, Function = 2, Event = 3 };

// Rows of the word index: where a word stands is told by the last bits of the row number.
inline constexpr std::int64_t kWordKinds = 4;
inline constexpr std::int64_t kKeyWord = 0;
inline constexpr std::int64_t kNameWord = 1;
inline constexpr std::int64_t kIdentityWord = 2;

/// Text as the word index sees it: control characters and what is no UTF-8 become spaces; at most
/// 512 bytes of it.
std::string wordsOf(BytesView text);

/// Numbers for what recurs in transactions, so that their rows are short. For the writing
/// connection, one thread at a time. To be thrown away when the transaction is rolled back.
class Names {
public:
    explicit Names(store::Connection& connection) : m_connection(connection) {}

    /// SerializedIdentity.
    Result<std::int64_t> identity(BytesView serialized);
    /// At most 1 KiB of the text is kept.
    Result<std::int64_t> name(NameKind kind, BytesView text);
    Result<std::int64_t> space(BytesView contract, BytesView collection);
    /// Where the id stands for endorsers, in any order, repeated ones counted once.
    Result<std::int64_t> endorsers(std::vector<std::int64_t> identities);
    /// 0 for none.
    Result<std::int64_t> metadata(BytesView bytes);
    Result<Bytes> metadataOf(std::int64_t id);

    Status addWords(std::int64_t kind, std::int64_t id, BytesView text);

private:
    using Cache = std::unordered_map<std::string, std::int64_t>;
    static void remember(Cache& cache, std::string key, std::int64_t id);
    Result<std::int64_t> addIdentity(BytesView serialized);

    store::Connection& m_connection;
    Cache m_identities, m_names, m_spaces, m_sets, m_metadata;
    std::unordered_map<std::int64_t, Bytes> m_metadataBytes;
};

}  // namespace chancery::index
