#include "src/wallet/Vault.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/wallet/Records.h"

namespace chancery::wallet {
namespace {

constexpr const char* kHeaderFile = "workspace.wallet";
constexpr const char* kHeaderKind = "workspace";
constexpr const char* kLockFile = "lock.request";
constexpr const char* kLockKind = "lock";
constexpr const char* kAuditFile = "audit.log";
constexpr const char* kHeadFile = "audit.head";
constexpr const char* kHeadKind = "audit";
constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kMasterBytes = crypto::kSealKeyBytes;

crypto::Secret freshSecret(Random& random) {
    Bytes bytes = random.bytes(kMasterBytes);
    crypto::Secret secret(bytes);
    crypto::wipe(bytes);
    return secret;
}

Status wrongPassphrase() {
    return makeError(StatusCode::kUnauthenticated, "WRONG_PASSPHRASE",
                     "the passphrase is wrong, or workspace.wallet was changed",
                     {{"file", kHeaderFile}});
}

Status changedElsewhere() {
    return makeError(StatusCode::kFailedPrecondition, "WALLET_CHANGED",
                     "another program has given the workspace a new passphrase; unlock it again");
}

}  // namespace

Status locked() {
    return makeError(StatusCode::kFailedPrecondition, "KEY_LOCKED",
                     "the workspace is locked; unlock it with its passphrase");
}

Vault::Vault(WalletFolder folder, Header header, Options options)
    : m_folder(std::move(folder)), m_header(std::move(header)), m_options(std::move(options)) {
    m_folder.beforeChange = m_options.beforeChange;
}

Vault::~Vault() {
    lock();
}

Result<std::shared_ptr<Vault>> Vault::create(const std::filesystem::path& path,
                                             BytesView passphrase, Options options) {
    RETURN_IF_ERROR(checkPassphrase(passphrase));
    RETURN_IF_ERROR(checkCost(options.cost, options.leastCost));
    ASSIGN_OR_RETURN(WalletFolder folder, WalletFolder::create(path));
    if (options.protectProcess) hardenProcess();
    Random& random = options.random;
    Header header{.id = toHex(random.bytes(16)),
                  .made = options.clock.now(),
                  .generation = 1,
                  .cost = options.cost,
                  .salt = random.bytes(kSaltBytes)};
    const std::shared_ptr<Vault> vault(new Vault(std::move(folder), header, std::move(options)));
    const std::lock_guard hold(vault->m_mutex);
    ASSIGN_OR_RETURN(const Descriptor guard, vault->m_folder.exclusive());
    Keys keys{freshSecret(random), freshSecret(random), {}};
    RETURN_IF_ERROR(vault->writeHeaderFile(passphrase, header, keys));
    vault->m_keys = std::move(keys);
    vault->m_lastUse = vault->m_options.clock.now();
    RETURN_IF_ERROR(vault->record({.what = "WORKSPACE_MADE", .subject = header.id}));
    return vault;
}

Result<std::shared_ptr<Vault>> Vault::open(const std::filesystem::path& path, Options options) {
    ASSIGN_OR_RETURN(WalletFolder folder, WalletFolder::open(path));
    std::shared_ptr<Vault> vault(new Vault(std::move(folder), {}, std::move(options)));
    const std::lock_guard hold(vault->m_mutex);
    RETURN_IF_ERROR(vault->refreshHeader());
    RETURN_IF_ERROR(checkCost(vault->m_header.cost, vault->m_options.leastCost));
    ASSIGN_OR_RETURN(const auto files, vault->files());
    for (const auto& [name, kind] : files) {
        const auto opened = vault->peek(name, kind);
        if (!opened.ok()) return opened.status();
    }
    const auto chain = vault->audit();
    if (!chain.ok()) return chain.status();
    return vault;
}

// Every sealed file with its kind, the header left out.
Result<std::vector<std::pair<std::string, std::string>>> Vault::files() const {
    std::vector<std::pair<std::string, std::string>> all;
    ASSIGN_OR_RETURN(const auto keys, m_folder.list("keys", ".key"));
    for (const std::string& name : keys) all.emplace_back(name, "key");
    ASSIGN_OR_RETURN(const auto identities, m_folder.list("identities", ".identity"));
    for (const std::string& name : identities) all.emplace_back(name, "identity");
    if (m_folder.has("modules.wallet")) all.emplace_back("modules.wallet", "modules");
    if (m_folder.has(kHeadFile)) all.emplace_back(kHeadFile, kHeadKind);
    if (m_folder.has(kLockFile)) all.emplace_back(kLockFile, kLockKind);
    return all;
}

Status Vault::refreshHeader() {
    ASSIGN_OR_RETURN(const Opened opened, peek(kHeaderFile, kHeaderKind));
    ASSIGN_OR_RETURN(Header header, parseHeader(opened.file.metadata));
    if (m_keys && header.generation != m_header.generation) {
        lockLocked();
        m_header = std::move(header);
        return changedElsewhere();
    }
    m_header = std::move(header);
    return absl::OkStatus();
}

Result<Vault::Opened> Vault::peek(const std::string& name, std::string_view kind) const {
    ASSIGN_OR_RETURN(const Bytes bytes, m_folder.read(name, kMostWalletFileBytes));
    ASSIGN_OR_RETURN(WalletFile file, parseWalletFile(bytes, kind, name));
    Json metadata = parseObject(file.metadata);
    if (metadata.is_null()) return damaged(name, "its second line is no JSON object");
    return Opened{std::move(file), std::move(metadata)};
}

Result<Vault::Keys> Vault::openHeader(BytesView passphrase, const Header& header) const {
    ASSIGN_OR_RETURN(const Bytes bytes, m_folder.read(kHeaderFile, kMostWalletFileBytes));
    ASSIGN_OR_RETURN(const WalletFile file, parseWalletFile(bytes, kHeaderKind, kHeaderFile));
    ASSIGN_OR_RETURN(const crypto::Secret key,
                     crypto::deriveKey(passphrase, header.salt, header.cost));
    const auto plain = crypto::unseal(key, file.sealed, associatedBytes(file, kHeaderFile));
    if (!plain.ok()) return wrongPassphrase();
    const BytesView all = plain->view();
    if (all.size() != 2 * kMasterBytes && all.size() != 3 * kMasterBytes)
        return damaged(kHeaderFile, "its keys have an odd length");
    return Keys{crypto::Secret(all.substr(0, kMasterBytes)),
                crypto::Secret(all.substr(kMasterBytes, kMasterBytes)),
                crypto::Secret(all.substr(2 * kMasterBytes))};
}

Status Vault::writeHeaderFile(BytesView passphrase, const Header& header, const Keys& keys) {
    ASSIGN_OR_RETURN(const crypto::Secret key,
                     crypto::deriveKey(passphrase, header.salt, header.cost));
    WalletFile file{kHeaderKind, writeHeader(header), {}};
    crypto::Secret plain =
        crypto::Secret::ofSize(keys.master.size() + keys.audit.size() + keys.before.size());
    char* at = plain.data();
    for (const crypto::Secret* part : {&keys.master, &keys.audit, &keys.before})
        at = std::copy(part->view().begin(), part->view().end(), at);
    ASSIGN_OR_RETURN(
        file.sealed,
        crypto::seal(key, plain.view(), associatedBytes(file, kHeaderFile), m_options.random));
    return m_folder.write(kHeaderFile, writeWalletFile(file));
}

Status Vault::unlock(BytesView passphrase) {
    const std::lock_guard hold(m_mutex);
    lockLocked();
    if (m_options.protectProcess) hardenProcess();
    ASSIGN_OR_RETURN(const Descriptor guard, m_folder.exclusive());
    RETURN_IF_ERROR(refreshHeader());
    RETURN_IF_ERROR(checkCost(m_header.cost, m_options.leastCost));
    auto keys = openHeader(passphrase, m_header);
    if (!keys.ok()) {
        if (reasonOf(keys.status()) == "WRONG_PASSPHRASE")
            RETURN_IF_ERROR(record({.what = "UNLOCK_REFUSED"}));
        return keys.status();
    }
    m_keys = *std::move(keys);
    m_lastUse = m_options.clock.now();
    m_lockMark = m_folder.markOf(kLockFile);
    Status status = absl::OkStatus();
    if (!m_keys->before.empty()) status = sealAnew(passphrase);
    if (status.ok()) status = verifyAll();
    if (status.ok()) status = record({.what = "UNLOCKED"});
    if (!status.ok()) lockLocked();
    return status;
}

void Vault::lock() {
    const std::lock_guard hold(m_mutex);
    lockLocked();
}

void Vault::lockLocked() {
    m_keys.reset();
    m_inUse.clear();
    for (const auto& token : m_tokens) token->logout();
    m_tokens.clear();
}

bool Vault::unlocked() {
    const std::lock_guard hold(m_mutex);
    if (!m_keys) return false;
    const absl::Time lastUse = m_lastUse;
    if (!useLocked().ok()) return false;
    m_lastUse = lastUse;  // looking is no use
    return true;
}

Status Vault::use() {
    const std::lock_guard hold(m_mutex);
    return useLocked();
}

Status Vault::useLocked() {
    if (!m_keys) return locked();
    const absl::Time now = m_options.clock.now();
    // A clock that was set back says nothing about how long nobody was here.
    if (now - m_lastUse > m_options.idleLimit || m_lastUse - now > m_options.idleLimit ||
        m_folder.markOf(kLockFile) != m_lockMark) {
        lockLocked();
        return locked();
    }
    m_lastUse = now;
    return absl::OkStatus();
}

Status Vault::askAllToLock() {
    const std::lock_guard hold(m_mutex);
    ASSIGN_OR_RETURN(const Descriptor guard, m_folder.exclusive());
    // Not sealed: whoever can write here could as well remove the folder.
    const WalletFile file{kLockKind,
                          textOf({{"at", timeText(m_options.clock.now())},
                                  {"who", userOfSystem()},
                                  {"nonce", toHex(m_options.random.bytes(16))}}),
                          {}};
    RETURN_IF_ERROR(m_folder.write(kLockFile, writeWalletFile(file)));
    const Status status = record({.what = "LOCK_ASKED"});
    lockLocked();
    return status;
}

Result<crypto::Secret> Vault::unsealLocked(const std::string& name, const Opened& opened) const {
    if (!m_keys) return locked();
    const auto generation = numberIn(opened.metadata, "generation");
    const bool isBefore = generation && *generation + 1 == m_header.generation;
    if (generation && *generation > m_header.generation) return changedElsewhere();
    if (generation != m_header.generation && !(isBefore && !m_keys->before.empty()))
        return damaged(name, "it belongs to a passphrase that is no longer in use");
    auto plain = crypto::unseal(isBefore ? m_keys->before : m_keys->master, opened.file.sealed,
                                associatedBytes(opened.file, name));
    if (!plain.ok()) return damaged(name, "its seal does not fit");
    return plain;
}

Result<crypto::Secret> Vault::reveal(const std::string& name, std::string_view kind) {
    const std::lock_guard hold(m_mutex);
    RETURN_IF_ERROR(useLocked());
    ASSIGN_OR_RETURN(const Opened opened, peek(name, kind));
    return unsealLocked(name, opened);
}

Status Vault::storeLocked(const std::string& name, std::string_view kind, Json metadata,
                          BytesView plain) {
    if (!m_keys) return locked();
    m_inUse.erase(name);
    metadata["generation"] = m_header.generation;
    WalletFile file{std::string(kind), textOf(metadata), {}};
    ASSIGN_OR_RETURN(file.sealed, crypto::seal(m_keys->master, plain, associatedBytes(file, name),
                                               m_options.random));
    const Bytes bytes = writeWalletFile(file);
    if (bytes.size() > kMostWalletFileBytes)
        return makeError(
            StatusCode::kInvalidArgument, "WALLET_ENTRY_TOO_LARGE",
            fmt::format("{} would have more than {} KiB", name, kMostWalletFileBytes >> 10),
            {{"file", name}});
    return m_folder.write(name, bytes);
}

Status Vault::store(const std::string& name, std::string_view kind, Json metadata,
                    BytesView plain) {
    const std::lock_guard hold(m_mutex);
    return storeLocked(name, kind, std::move(metadata), plain);
}

Status Vault::remove(const std::string& name) {
    const std::lock_guard hold(m_mutex);
    m_inUse.erase(name);
    return m_folder.remove(name);
}

Status Vault::change(AuditEntry what, const std::function<Status()>& action) {
    const std::lock_guard hold(m_mutex);
    RETURN_IF_ERROR(useLocked());
    ASSIGN_OR_RETURN(const Descriptor guard, m_folder.exclusive());
    RETURN_IF_ERROR(refreshHeader());
    RETURN_IF_ERROR(action());
    return record(std::move(what));
}

// Every file that is still sealed under the keys before; each by itself is old or new. At the end
// the header forgets those keys.
Status Vault::sealAnew(BytesView passphrase) {
    ASSIGN_OR_RETURN(const auto all, files());
    for (const auto& [name, kind] : all) {
        if (kind == kLockKind) continue;
        ASSIGN_OR_RETURN(Opened opened, peek(name, kind));
        if (numberIn(opened.metadata, "generation") == m_header.generation) continue;
        ASSIGN_OR_RETURN(const crypto::Secret plain, unsealLocked(name, opened));
        RETURN_IF_ERROR(storeLocked(name, kind, std::move(opened.metadata), plain.view()));
    }
    Keys keys{m_keys->master.copy(), m_keys->audit.copy(), {}};
    RETURN_IF_ERROR(writeHeaderFile(passphrase, m_header, keys));
    m_keys = std::move(keys);
    return record({.what = "PASSPHRASE_CHANGED"});
}

Status Vault::changePassphrase(BytesView old, BytesView fresh) {
    RETURN_IF_ERROR(checkPassphrase(fresh));
    RETURN_IF_ERROR(checkCost(m_options.cost, m_options.leastCost));
    // Also ends what an earlier change left undone.
    RETURN_IF_ERROR(unlock(old));
    const std::lock_guard hold(m_mutex);
    ASSIGN_OR_RETURN(const Descriptor guard, m_folder.exclusive());
    RETURN_IF_ERROR(refreshHeader());
    if (!m_keys) return changedElsewhere();
    Header header = m_header;
    ++header.generation;
    header.cost = m_options.cost;
    header.salt = m_options.random.bytes(kSaltBytes);
    Keys keys{freshSecret(m_options.random), m_keys->audit.copy(), m_keys->master.copy()};
    // From this file on the new passphrase counts.
    RETURN_IF_ERROR(writeHeaderFile(fresh, header, keys));
    m_header = std::move(header);
    m_keys = std::move(keys);
    return sealAnew(fresh);
}

// A file whose seal does not fit is found now and not when its key is needed.
Status Vault::verifyAll() {
    ASSIGN_OR_RETURN(const auto all, files());
    for (const auto& [name, kind] : all) {
        if (kind == kLockKind) continue;
        ASSIGN_OR_RETURN(const Opened opened, peek(name, kind));
        const auto plain = unsealLocked(name, opened);
        if (!plain.ok()) return plain.status();
    }
    ASSIGN_OR_RETURN(const AuditChain chain, audit());
    // The sealed head says how long the log was at least.
    if (!m_folder.has(kHeadFile)) return damaged(kHeadFile, "it is missing");
    ASSIGN_OR_RETURN(const Opened head, peek(kHeadFile, kHeadKind));
    const auto entries = numberIn(head.metadata, "entries");
    const auto hash = stringIn(head.metadata, "hash");
    if (!entries || !hash || *entries == 0) return damaged(kHeadFile, "a part of it is missing");
    if (*entries > chain.entries.size())
        return auditBroken(chain.entries.size() + 1, "entries were removed from its end");
    if (toHex(chain.entries[*entries - 1].hash) != *hash)
        return auditBroken(*entries, "it is not the entry that was written");
    return absl::OkStatus();
}

Result<AuditChain> Vault::audit() {
    const std::lock_guard hold(m_mutex);
    if (!m_folder.has(kAuditFile)) return AuditChain();
    ASSIGN_OR_RETURN(const Bytes bytes, m_folder.read(kAuditFile, kMostAuditBytes));
    return parseAuditLog(bytes, m_keys ? &m_keys->audit : nullptr);
}

Status Vault::record(AuditEntry entry) {
    ASSIGN_OR_RETURN(const AuditChain chain, audit());
    entry.number = chain.entries.size() + 1;
    entry.at = m_options.clock.now();
    entry.who = userOfSystem();
    entry.subject = printable(entry.subject, 256);
    entry.note = printable(entry.note, 1024);
    const Bytes line = writeAuditEntry(entry, chain.lastHash(), m_keys ? &m_keys->audit : nullptr);
    RETURN_IF_ERROR(m_folder.append(kAuditFile, line, chain.goodBytes));
    if (!m_keys) return absl::OkStatus();
    return storeLocked(kHeadFile, kHeadKind,
                       {{"entries", entry.number}, {"hash", toHex(entry.hash)}}, {});
}

Result<crypto::PrivateKey> Vault::keyInUse(const std::string& name) {
    const std::lock_guard hold(m_mutex);
    RETURN_IF_ERROR(useLocked());
    if (const auto found = m_inUse.find(name); found != m_inUse.end()) return found->second;
    ASSIGN_OR_RETURN(const crypto::Secret der, reveal(name, "key"));
    // An empty seal stands for a key elsewhere, and that this file says so truly.
    ASSIGN_OR_RETURN(crypto::PrivateKey key,
                     der.empty() ? keyInKeychain(name) : crypto::PrivateKey::fromDer(der.view()));
    m_inUse.emplace(name, key);
    return key;
}

Result<crypto::PrivateKey> Vault::keyInKeychain(const std::string& name) {
    ASSIGN_OR_RETURN(const Opened opened, peek(name, "key"));
    ASSIGN_OR_RETURN(const KeyInfo info, parseKeyRecord(opened.file.metadata, name));
    if (!info.inKeychain) return damaged(name, "it has no key");
    ASSIGN_OR_RETURN(SecretKeeper* const keeper, keychain(info.label));
    const auto kept = keeper->read(keychainName(m_header.id, info.id));
    if (reasonOf(kept.status()) == "NO_SECRET")
        return makeError(
            StatusCode::kNotFound, "KEY_NOT_IN_KEYCHAIN",
            fmt::format("the key '{}' is not in the keychain of this desktop any more", info.label),
            {{"key", info.label}});
    if (!kept.ok()) return kept.status();
    auto key = crypto::PrivateKey::fromDer(kept->view());
    if (!key.ok() || !(key->publicKey() == info.publicKey))
        return makeError(
            StatusCode::kFailedPrecondition, "KEY_NOT_IN_KEYCHAIN",
            fmt::format("the keychain has something else in place of the key '{}'", info.label),
            {{"key", info.label}});
    return key;
}

Result<SecretKeeper*> Vault::keychain(const std::string& key) const {
    if (m_options.keychain != nullptr) return m_options.keychain;
    return makeError(StatusCode::kFailedPrecondition, "KEYCHAIN_ONLY_IN_CONSOLE",
                     fmt::format("the key '{}' needs the keychain of the desktop, which only the "
                                 "console can ask",
                                 key),
                     {{"key", key}});
}

void Vault::keep(std::shared_ptr<crypto::Token> token) {
    const std::lock_guard hold(m_mutex);
    m_tokens.push_back(std::move(token));
}

}  // namespace chancery::wallet
