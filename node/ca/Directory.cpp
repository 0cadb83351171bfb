#include "node/ca/Directory.h"

#include <fmt/format.h>
#include <ldap.h>
#include <openldap.h>
#include <sys/socket.h>

#include <algorithm>
#include <stop_token>
#include <thread>

#include "node/ca/Attributes.h"
#include "node/ca/Socket.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/SecretFile.h"

namespace chancery::node {
namespace {

constexpr std::uint64_t kMostRootsBytes = 1U << 20;
constexpr ber_len_t kMostAnswerBytes = 1U << 20;
constexpr std::size_t kMostValues = 256;  // of an entry in all

struct FreeMessage {
    void operator()(LDAPMessage* message) const { ldap_msgfree(message); }
};
using Message = std::unique_ptr<LDAPMessage, FreeMessage>;
struct FreeMemory {
    void operator()(char* memory) const { ldap_memfree(memory); }
};
using Text = std::unique_ptr<char, FreeMemory>;
struct FreeControls {
    void operator()(LDAPControl** controls) const { ldap_controls_free(controls); }
};
using Controls = std::unique_ptr<LDAPControl*, FreeControls>;
struct FreeControl {
    void operator()(LDAPControl* control) const { ldap_control_free(control); }
};
using Control = std::unique_ptr<LDAPControl, FreeControl>;

std::string lowered(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

timeval toTimeval(std::chrono::milliseconds time) {
    return {.tv_sec = static_cast<time_t>(time.count() / 1000),
            .tv_usec = static_cast<suseconds_t>(time.count() % 1000 * 1000)};
}

Status badFilter(std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "BAD_USER_FILTER",
                     fmt::format("the filter for users {}", why));
}

Status wrongPassword(std::string_view why) {
    return makeError(StatusCode::kUnauthenticated, "WRONG_PASSWORD", why);
}

/// The attributes of "(attribute=%s)" and "(attribute:rule:=%s)" in it.
std::set<std::string> attributesHeldAgainst(const std::string& filter) {
    std::set<std::string> found;
    for (std::size_t at = filter.find("=%s"); at != std::string::npos;
         at = filter.find("=%s", at + 1)) {
        const std::size_t open = filter.rfind('(', at);
        if (open == std::string::npos) continue;
        const std::string left = filter.substr(open + 1, at - open - 1);
        const std::string name = left.substr(0, left.find(':'));
        if (!name.empty()) found.insert(lowered(name));
    }
    return found;
}

/// All that the machine's ldap.conf could say is said here, so that it does not count.
int setOptions(LDAP* ld, const DirectoryOptions& options) {
    const int version = LDAP_VERSION3;
    const int never = LDAP_DEREF_NEVER;
    const int several = 2;
    const int seconds = static_cast<int>((options.timeout.count() + 999) / 1000);
    const timeval timeout = toTimeval(options.timeout);
    int code = LDAP_SUCCESS;
    const auto set = [&](int option, const void* value) {
        if (code == LDAP_SUCCESS) code = ldap_set_option(ld, option, value);
    };
    set(LDAP_OPT_PROTOCOL_VERSION, &version);
    set(LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
    set(LDAP_OPT_DEREF, &never);
    set(LDAP_OPT_SIZELIMIT, &several);
    set(LDAP_OPT_TIMELIMIT, &seconds);
    set(LDAP_OPT_TIMEOUT, &timeout);
    if (options.transport != DirectoryTransport::Plain) {
        const int demand = LDAP_OPT_X_TLS_DEMAND;
        const int atLeast = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
        const int isServer = 0;
        set(LDAP_OPT_X_TLS_CACERTFILE, options.roots.c_str());
        set(LDAP_OPT_X_TLS_CACERTDIR, nullptr);
        set(LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
        set(LDAP_OPT_X_TLS_PROTOCOL_MIN, &atLeast);
        set(LDAP_OPT_X_TLS_NEWCTX, &isServer);
    }
    Sockbuf* buffer = nullptr;
    ber_len_t most = kMostAnswerBytes;
    if (ldap_get_option(ld, LDAP_OPT_SOCKBUF, &buffer) == LDAP_SUCCESS && buffer != nullptr)
        ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &most);
    return code;
}

Result<crypto::Secret> readPassword(const DirectoryOptions& options) {
    ASSIGN_OR_RETURN(auto secret, crypto::readSecretFile(options.bindPasswordFile));
    // With an empty one the directory would let us in as nobody, and say that all is well.
    if (secret.empty())
        return makeError(
            StatusCode::kInvalidArgument, "EMPTY_BIND_PASSWORD",
            fmt::format("the first line of {} is empty", options.bindPasswordFile.string()));
    return secret;
}

/// Cuts a connection that takes longer than it may: the library waits for a handshake as long as
/// the other side likes. Ends before the connection does.
class Cutter {
public:
    Cutter(int socket, std::chrono::milliseconds timeout)
        : m_thread([this, socket, until = deadlineIn(timeout)](const std::stop_token& stop) {
              std::unique_lock lock(m_mutex);
              m_ended.wait_until(lock, stop, until, [&] { return stop.stop_requested(); });
              if (!stop.stop_requested()) ::shutdown(socket, SHUT_RDWR);
          }) {}

private:
    std::mutex m_mutex;
    std::condition_variable_any m_ended;
    std::jthread m_thread;  // last: it uses the others
};

}  // namespace

const std::vector<std::string>& DirectoryEntry::valuesOf(const std::string& attribute) const {
    static const std::vector<std::string> kNone;
    const auto found = values.find(lowered(attribute));
    return found == values.end() ? kNone : found->second;
}

std::string escapedForFilter(std::string_view value) {
    std::string escaped;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '*' || c == '(' || c == ')' || c == '\\' || byte < 0x20 || byte == 0x7F)
            escaped += fmt::format("\\{:02x}", byte);
        else
            escaped += c;
    }
    return escaped;
}

Status checkUserFilter(const std::string& filter) {
    int depth = 0;
    bool isOne = filter.starts_with('(');
    for (std::size_t i = 0; i < filter.size(); ++i) {
        depth += filter[i] == '(' ? 1 : filter[i] == ')' ? -1 : 0;
        isOne = isOne && (depth > 0 || i + 1 == filter.size());
    }
    if (!isOne || depth != 0)
        return badFilter("must be one pair of parentheses with balanced ones within");
    if (attributesHeldAgainst(filter).empty())
        return badFilter("must hold an attribute against the name, as (uid=%s) does");
    return absl::OkStatus();
}

struct Directory::Connection {
    Connection(LDAP* connection, int socketOfIt) : ld(connection), socket(socketOfIt) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { ldap_unbind_ext(ld, nullptr, nullptr); }

    /// What went wrong on our side of the wire, in the words of the library; nothing of what the
    /// directory said, which may repeat what it was told.
    std::string ownWords() const {
        char* words = nullptr;
        ldap_get_option(ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &words);
        const Text text(words);
        return words == nullptr ? std::string() : printable(words, 200);
    }

    Status unavailable(int code, std::string_view what, const DirectoryOptions& options) const {
        const std::string where = fmt::format("{}:{}", options.host, options.port);
        const auto error = [&](std::string_view reason, std::string_view why) {
            return makeError(StatusCode::kUnavailable, reason,
                             fmt::format("the directory {} could not {}: {}", where, what, why),
                             {{"endpoint", where}});
        };
        const bool isOurs = code == LDAP_SERVER_DOWN || code == LDAP_CONNECT_ERROR;
        const std::string words = isOurs ? ownWords() : std::string();
        if (isOurs || code == LDAP_TIMEOUT || code == LDAP_BUSY || code == LDAP_UNAVAILABLE ||
            code == LDAP_TIMELIMIT_EXCEEDED)
            return error("DIRECTORY_GONE", words.empty() ? ldap_err2string(code) : words);
        return error("DIRECTORY_REFUSED", ldap_err2string(code));
    }

    /// The next message of an answer, or the code of the library.
    int wait(int id, std::chrono::milliseconds timeout, Message& message) const {
        timeval time = toTimeval(timeout);
        LDAPMessage* raw = nullptr;
        const int type = ldap_result(ld, id, LDAP_MSG_ONE, &time, &raw);
        message.reset(raw);
        if (type > 0) return LDAP_SUCCESS;
        if (type == 0) {
            ldap_abandon_ext(ld, id, nullptr, nullptr);
            return LDAP_TIMEOUT;
        }
        int code = LDAP_SERVER_DOWN;
        ldap_get_option(ld, LDAP_OPT_RESULT_CODE, &code);
        return code == LDAP_SUCCESS ? LDAP_SERVER_DOWN : code;
    }

    /// A simple bind. `mustChange`: the password was right, and is good for nothing but a new one.
    int bind(const std::string& dn, BytesView password, std::chrono::milliseconds timeout,
             bool& mustChange) const {
        berval secret{.bv_len = password.size(), .bv_val = const_cast<char*>(password.data())};
        LDAPControl* raw = nullptr;
        ldap_create_passwordpolicy_control(ld, &raw);
        const Control policy(raw);
        LDAPControl* asked[] = {raw, nullptr};
        int id = 0;
        int code = ldap_sasl_bind(ld, dn.c_str(), LDAP_SASL_SIMPLE, &secret, asked, nullptr, &id);
        if (code != LDAP_SUCCESS) return code;
        Message message;
        if (code = wait(id, timeout, message); code != LDAP_SUCCESS) return code;
        int result = LDAP_OTHER;
        LDAPControl** told = nullptr;
        code = ldap_parse_result(ld, message.get(), &result, nullptr, nullptr, nullptr, &told, 0);
        const Controls controls(told);
        if (code != LDAP_SUCCESS) return code;
        for (LDAPControl** one = told; one != nullptr && *one != nullptr; ++one) {
            LDAPPasswordPolicyError error = PP_noError;
            ber_int_t expires = 0;
            ber_int_t grace = 0;
            if (ldap_parse_passwordpolicy_control(ld, *one, &expires, &grace, &error) ==
                LDAP_SUCCESS)
                mustChange =
                    mustChange || error == PP_changeAfterReset || error == PP_passwordExpired;
        }
        return result;
    }

    LDAP* const ld;
    const int socket;  ///< belongs to ld
};

/// A place among those who may wait for the directory.
class Directory::Turn {
public:
    explicit Turn(Directory& directory) : m_directory(directory) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
        if (!m_isTaken) return;
        {
            const std::lock_guard lock(m_directory.m_mutex);
            --m_directory.m_running;
        }
        m_directory.m_ended.notify_one();
    }

    Status take() {
        const std::size_t most = m_directory.m_options.connections;
        std::unique_lock lock(m_directory.m_mutex);
        const auto isFree = [&] { return m_directory.m_running < most; };
        if (!isFree() && m_directory.m_waiting >= most) return busy();
        ++m_directory.m_waiting;
        m_isTaken = m_directory.m_ended.wait_for(lock, m_directory.m_options.timeout, isFree);
        --m_directory.m_waiting;
        if (!m_isTaken) return busy();
        ++m_directory.m_running;
        return absl::OkStatus();
    }

private:
    static Status busy() {
        return makeError(StatusCode::kUnavailable, "DIRECTORY_BUSY",
                         "too many requests wait for the directory");
    }

    Directory& m_directory;
    bool m_isTaken = false;
};

Directory::Directory(DirectoryOptions options, std::set<std::string> wanted)
    : m_options(std::move(options)), m_nameAttributes(attributesHeldAgainst(m_options.userFilter)) {
    wanted.insert(m_nameAttributes.begin(), m_nameAttributes.end());
    m_wanted.assign(wanted.begin(), wanted.end());
}

Directory::~Directory() = default;

Result<std::unique_ptr<Directory>> Directory::open(DirectoryOptions options,
                                                   std::set<std::string> wanted) {
    RETURN_IF_ERROR(checkUserFilter(options.userFilter));
    if (!options.roots.empty()) {
        ASSIGN_OR_RETURN([[maybe_unused]] const Bytes roots,
                         readFile(options.roots, kMostRootsBytes));
    }
    if (!options.bindPasswordFile.empty()) {
        ASSIGN_OR_RETURN([[maybe_unused]] const crypto::Secret secret, readPassword(options));
    }
    return std::unique_ptr<Directory>(new Directory(std::move(options), std::move(wanted)));
}

Result<std::unique_ptr<Directory::Connection>> Directory::connect() const {
    const std::string where = fmt::format("{}:{}", m_options.host, m_options.port);
    auto socket = connectSocket(m_options.host, m_options.port, deadlineIn(m_options.timeout));
    if (!socket.ok())
        return makeError(StatusCode::kUnavailable, "DIRECTORY_GONE",
                         fmt::format("the directory {} could not be reached: {}", where,
                                     messageOf(socket.status())),
                         {{"endpoint", where}});
    const Cutter cutter(socket->get(), m_options.timeout);
    const bool isTls = m_options.transport != DirectoryTransport::Plain;
    const bool isV6 = m_options.host.find(':') != std::string::npos;
    // Should the library ever connect anew by itself, it does so with TLS.
    const std::string uri = fmt::format("{}://{}{}{}:{}", isTls ? "ldaps" : "ldap", isV6 ? "[" : "",
                                        m_options.host, isV6 ? "]" : "", m_options.port);
    // The first call of the library reads settings of the machine into variables of its own.
    static std::mutex firstCall;
    LDAP* raw = nullptr;
    int code = LDAP_SUCCESS;
    {
        const std::lock_guard lock(firstCall);
        code = ldap_init_fd(socket->get(), LDAP_PROTO_TCP, uri.c_str(), &raw);
    }
    if (code != LDAP_SUCCESS)
        return makeError(StatusCode::kUnavailable, "DIRECTORY_GONE",
                         fmt::format("no connection to the directory {} could be prepared: {}",
                                     where, ldap_err2string(code)));
    auto connection = std::make_unique<Connection>(raw, socket->release());
    code = setOptions(raw, m_options);
    if (code != LDAP_SUCCESS) return connection->unavailable(code, "be set up", m_options);
    if (isTls) {
        code = m_options.transport == DirectoryTransport::StartTls
                   ? ldap_start_tls_s(raw, nullptr, nullptr)
                   : ldap_install_tls(raw);
        // The library does not tell these apart.
        if (code != LDAP_SUCCESS)
            return makeError(
                StatusCode::kUnavailable, "DIRECTORY_TLS_FAILED",
                fmt::format("the TLS handshake with the directory {} failed: it does not speak "
                            "TLS, does not answer, or its certificate is over, another host's or "
                            "not by one of the roots",
                            where),
                {{"endpoint", where}});
    }
    return connection;
}

Result<std::unique_ptr<Directory::Connection>> Directory::connectAsReader() const {
    ASSIGN_OR_RETURN(auto connection, connect());
    if (m_options.bindDn.empty()) return connection;
    ASSIGN_OR_RETURN(const crypto::Secret secret, readPassword(m_options));
    bool mustChange = false;
    const Cutter cutter(connection->socket, m_options.timeout);
    const int code =
        connection->bind(m_options.bindDn, secret.view(), m_options.timeout, mustChange);
    if (code != LDAP_SUCCESS) return connection->unavailable(code, "let us in", m_options);
    return connection;
}

namespace {

/// The organisational units of a DN, the outermost first.
std::vector<std::string> unitsOfDn(const std::string& dn) {
    std::vector<std::string> units;
    LDAPDN parts = nullptr;
    if (ldap_str2dn(dn.c_str(), &parts, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS) return units;
    const std::unique_ptr<LDAPRDN, void (*)(LDAPRDN*)> owner(parts, ldap_dnfree);
    for (LDAPRDN* part = parts; part != nullptr && *part != nullptr; ++part)
        for (LDAPAVA** one = *part; *one != nullptr; ++one) {
            const std::string_view type((*one)->la_attr.bv_val, (*one)->la_attr.bv_len);
            if (equalsIgnoringCase(type, "ou") && type.size() == 2)
                units.emplace_back((*one)->la_value.bv_val, (*one)->la_value.bv_len);
        }
    std::reverse(units.begin(), units.end());
    return units;
}

Result<DirectoryEntry> readEntry(LDAP* ld, LDAPMessage* message) {
    DirectoryEntry entry;
    const Text dn(ldap_get_dn(ld, message));
    if (dn) entry.dn = dn.get();
    entry.units = unitsOfDn(entry.dn);
    std::size_t count = 0;
    BerElement* raw = nullptr;
    Text name(ldap_first_attribute(ld, message, &raw));
    const std::unique_ptr<BerElement, void (*)(BerElement*)> position(
        raw, [](BerElement* ber) { ber_free(ber, 0); });
    for (; name; name.reset(ldap_next_attribute(ld, message, position.get()))) {
        const std::unique_ptr<berval*, void (*)(berval**)> values(
            ldap_get_values_len(ld, message, name.get()), ldap_value_free_len);
        for (berval** one = values.get(); one != nullptr && *one != nullptr; ++one) {
            if (++count > kMostValues)
                return makeError(StatusCode::kFailedPrecondition, "DIRECTORY_ENTRY_TOO_LARGE",
                                 fmt::format("the entry '{}' has more than {} values of the "
                                             "attributes that are asked for",
                                             printable(entry.dn, 256), kMostValues));
            entry.values[lowered(name.get())].emplace_back((*one)->bv_val, (*one)->bv_len);
        }
    }
    return entry;
}

}  // namespace

Result<DirectoryEntry> Directory::search(Connection& connection, const std::string& user) const {
    std::string filter = m_options.userFilter;
    const std::string escaped = escapedForFilter(user);
    for (std::size_t at = filter.find("%s"); at != std::string::npos;
         at = filter.find("%s", at + escaped.size()))
        filter.replace(at, 2, escaped);
    std::vector<char*> wanted;
    for (const std::string& name : m_wanted) wanted.push_back(const_cast<char*>(name.c_str()));
    wanted.push_back(nullptr);
    timeval timeout = toTimeval(m_options.timeout);
    int id = 0;
    int code =
        ldap_search_ext(connection.ld, m_options.base.c_str(), LDAP_SCOPE_SUBTREE, filter.c_str(),
                        wanted.data(), 0, nullptr, nullptr, &timeout, 2, &id);
    std::optional<DirectoryEntry> found;
    while (code == LDAP_SUCCESS) {
        Message message;
        if (code = connection.wait(id, m_options.timeout, message); code != LDAP_SUCCESS) break;
        const int type = ldap_msgtype(message.get());
        if (type == LDAP_RES_SEARCH_ENTRY) {
            if (found) {
                ldap_abandon_ext(connection.ld, id, nullptr, nullptr);
                code = LDAP_SIZELIMIT_EXCEEDED;
                break;
            }
            ASSIGN_OR_RETURN(found, readEntry(connection.ld, message.get()));
        } else if (type == LDAP_RES_SEARCH_RESULT) {
            int result = LDAP_OTHER;
            code = ldap_parse_result(connection.ld, message.get(), &result, nullptr, nullptr,
                                     nullptr, nullptr, 0);
            if (code == LDAP_SUCCESS) code = result;
            break;
        }
    }
    if (code == LDAP_SIZELIMIT_EXCEEDED)
        return makeError(
            StatusCode::kFailedPrecondition, "SEVERAL_USERS",
            fmt::format("more than one entry of the directory fits '{}'", printable(user, 64)));
    if (code != LDAP_SUCCESS) return connection.unavailable(code, "look for a user", m_options);
    const bool isExact = found && std::any_of(m_nameAttributes.begin(), m_nameAttributes.end(),
                                              [&](const std::string& attribute) {
                                                  const auto& values = found->valuesOf(attribute);
                                                  return std::find(values.begin(), values.end(),
                                                                   user) != values.end();
                                              });
    if (!isExact)
        return makeError(
            StatusCode::kNotFound, "NO_SUCH_USER",
            found ? fmt::format("the directory writes the name '{}' otherwise", printable(user, 64))
                  : fmt::format("the directory has no '{}'", printable(user, 64)));
    return *std::move(found);
}

Result<DirectoryEntry> Directory::find(const std::string& user) {
    Turn turn(*this);
    RETURN_IF_ERROR(turn.take());
    std::unique_ptr<Connection> connection;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_idle.empty()) {
            connection = std::move(m_idle.back());
            m_idle.pop_back();
        }
    }
    Result<DirectoryEntry> found = makeError(StatusCode::kUnavailable, "DIRECTORY_GONE", "");
    if (connection) found = search(*connection, user);
    // Directories end connections that nobody uses.
    if (absl::IsUnavailable(found.status())) {
        ASSIGN_OR_RETURN(connection, connectAsReader());
        found = search(*connection, user);
    }
    const std::lock_guard lock(m_mutex);
    if (!absl::IsUnavailable(found.status()) && m_idle.size() < m_options.connections)
        m_idle.push_back(std::move(connection));
    return found;
}

Status Directory::checkPassword(const std::string& dn, const std::string& password) {
    if (password.empty()) return wrongPassword("an empty password is nobody's");
    if (dn.empty()) return wrongPassword("the directory's root is nobody");
    Turn turn(*this);
    RETURN_IF_ERROR(turn.take());
    ASSIGN_OR_RETURN(const auto connection, connect());
    bool mustChange = false;
    const Cutter cutter(connection->socket, m_options.timeout);
    const int code = connection->bind(dn, password, m_options.timeout, mustChange);
    switch (code) {
        case LDAP_SUCCESS:
            if (mustChange) return wrongPassword("the password must be changed first");
            return absl::OkStatus();
        case LDAP_INVALID_CREDENTIALS:
            return wrongPassword("the directory knows another password, or has locked the entry");
        // What directories say of entries that may not log in.
        case LDAP_INAPPROPRIATE_AUTH:
        case LDAP_UNWILLING_TO_PERFORM:
        case LDAP_CONSTRAINT_VIOLATION:
        case LDAP_INSUFFICIENT_ACCESS:
        case LDAP_NO_SUCH_OBJECT:
        case LDAP_INVALID_DN_SYNTAX:
            return wrongPassword(
                fmt::format("the directory does not let the entry in: {}", ldap_err2string(code)));
        default:
            return connection->unavailable(code, "check a password", m_options);
    }
}

}  // namespace chancery::node
