#include "src/index/Names.h"

#include <algorithm>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/identity/Certificate.h"
#include "src/index/Record.h"
#include "src/protocol/Envelope.h"

namespace chancery::index {
namespace {

// Ledgers have few names; hostile ones with many get no more memory than this.
constexpr std::size_t kMaxCachedNames = 20'000;
constexpr std::size_t kMaxName = 1024;
constexpr std::size_t kMaxWords = 512;

/// The row's id, or that of a new row. `find` has one column; both are bound to the same values.
template <class... Values>
Result<std::pair<std::int64_t, bool>> findOrAdd(store::Connection& connection,
                                                std::string_view find, std::string_view add,
                                                const Values&... values) {
    ASSIGN_OR_RETURN(auto finding, connection.prepare(find));
    finding.bind(values...);
    ASSIGN_OR_RETURN(const auto known,
                     finding.first([](store::Row& row) { return row.integer(0); }));
    if (known) return std::pair(*known, false);
    ASSIGN_OR_RETURN(auto adding, connection.prepare(add));
    adding.bind(values...);
    RETURN_IF_ERROR(adding.run());
    return std::pair(connection.lastRowId(), true);
}

}  // namespace

std::string wordsOf(BytesView text) {
    std::string words;
    for (std::size_t i = 0; i < text.size() && words.size() < kMaxWords;) {
        const auto first = static_cast<unsigned char>(text[i]);
        const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        const BytesView character = text.substr(i, length);
        if (first < 0x20 || first == 0x7f || character.size() != length || !isUtf8(character)) {
            words.push_back(' ');
            ++i;
        } else {
            words.append(character);
            i += length;
        }
    }
    return words;
}

void Names::remember(Cache& cache, std::string key, std::int64_t id) {
    if (cache.size() >= kMaxCachedNames) cache.clear();
    cache.emplace(std::move(key), id);
}

Result<std::int64_t> Names::identity(BytesView serialized) {
    std::string key(serialized);
    if (const auto known = m_identities.find(key); known != m_identities.end())
        return known->second;
    ASSIGN_OR_RETURN(const std::int64_t id, addIdentity(serialized));
    remember(m_identities, std::move(key), id);
    return id;
}

Result<std::int64_t> Names::addIdentity(BytesView serialized) {
    const Bytes digest = crypto::sha256(serialized);
    ASSIGN_OR_RETURN(auto finding,
                     m_connection.prepare("SELECT id FROM identities WHERE digest = ?"));
    finding.bind(store::Blob(digest));
    ASSIGN_OR_RETURN(const auto known,
                     finding.first([](store::Row& row) { return row.integer(0); }));
    if (known) return *known;
    std::string msp, commonName, units, fingerprint;
    if (const auto identity = protocol::decodeSerializedIdentity(serialized); identity.ok()) {
        msp = identity->mspId;
        if (const auto certificate = identity::Certificate::fromPem(identity->idBytes);
            certificate.ok()) {
            commonName = certificate->commonName();
            for (const std::string& unit : certificate->organizationalUnits())
                units.append(unit).push_back('\0');
            fingerprint = certificate->fingerprint();
        }
    }
    ASSIGN_OR_RETURN(auto adding,
                     m_connection.prepare("INSERT INTO identities(digest, msp, common_name, units, "
                                          "fingerprint) VALUES(?, ?, ?, ?, ?)"));
    adding.bind(store::Blob(digest), store::Blob(msp), store::Blob(commonName), store::Blob(units),
                store::Blob(fingerprint));
    RETURN_IF_ERROR(adding.run());
    const std::int64_t id = m_connection.lastRowId();
    RETURN_IF_ERROR(addWords(kIdentityWord, id, commonName + "\n" + msp));
    return id;
}

Result<std::int64_t> Names::name(NameKind kind, BytesView text) {
    text = text.substr(0, kMaxName);
    std::string key(1, static_cast<char>(kind));
    key.append(text);
    if (const auto known = m_names.find(key); known != m_names.end()) return known->second;
    ASSIGN_OR_RETURN(const auto row,
                     findOrAdd(m_connection, "SELECT id FROM names WHERE kind = ? AND name = ?",
                               "INSERT INTO names(kind, name) VALUES(?, ?)", static_cast<int>(kind),
                               store::Blob(text)));
    if (row.second) RETURN_IF_ERROR(addWords(kNameWord, row.first, text));
    remember(m_names, std::move(key), row.first);
    return row.first;
}

Result<std::int64_t> Names::space(BytesView contract, BytesView collection) {
    std::string key(contract);
    key.append(1, '\0').append(collection).append(std::to_string(contract.size()));
    if (const auto known = m_spaces.find(key); known != m_spaces.end()) return known->second;
    ASSIGN_OR_RETURN(
        const auto row,
        findOrAdd(m_connection, "SELECT id FROM spaces WHERE contract = ? AND collection = ?",
                  "INSERT INTO spaces(contract, collection) VALUES(?, ?)", store::Blob(contract),
                  store::Blob(collection)));
    remember(m_spaces, std::move(key), row.first);
    return row.first;
}

Result<std::int64_t> Names::endorsers(std::vector<std::int64_t> identities) {
    std::sort(identities.begin(), identities.end());
    identities.erase(std::unique(identities.begin(), identities.end()), identities.end());
    std::string key = encode(identities);
    if (const auto known = m_sets.find(key); known != m_sets.end()) return known->second;
    ASSIGN_OR_RETURN(const auto row,
                     findOrAdd(m_connection, "SELECT id FROM endorser_sets WHERE members = ?",
                               "INSERT INTO endorser_sets(members) VALUES(?)", store::Blob(key)));
    remember(m_sets, std::move(key), row.first);
    return row.first;
}

Result<std::int64_t> Names::metadata(BytesView bytes) {
    if (bytes.empty()) return 0;
    std::string key(bytes);
    if (const auto known = m_metadata.find(key); known != m_metadata.end()) return known->second;
    ASSIGN_OR_RETURN(const auto row,
                     findOrAdd(m_connection, "SELECT id FROM metadata WHERE bytes = ?",
                               "INSERT INTO metadata(bytes) VALUES(?)", store::Blob(bytes)));
    remember(m_metadata, std::move(key), row.first);
    return row.first;
}

Result<Bytes> Names::metadataOf(std::int64_t id) {
    if (id == 0) return Bytes();
    if (const auto known = m_metadataBytes.find(id); known != m_metadataBytes.end())
        return known->second;
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT bytes FROM metadata WHERE id = ?"));
    statement.bind(id);
    ASSIGN_OR_RETURN(const auto bytes,
                     statement.first([](store::Row& row) { return Bytes(row.blob(0)); }));
    if (m_metadataBytes.size() >= kMaxCachedNames) m_metadataBytes.clear();
    return m_metadataBytes[id] = bytes.value_or(Bytes());
}

Status Names::addWords(std::int64_t kind, std::int64_t id, BytesView text) {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("INSERT INTO words(rowid, text) VALUES(?, ?)"));
    statement.bind(id * kWordKinds + kind, wordsOf(text));
    return statement.run();
}

}  // namespace chancery::index
