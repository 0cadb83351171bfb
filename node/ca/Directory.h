#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "node/ca/DirectoryOptions.h"
#include "src/base/Status.h"

namespace chancery::node {

/// What a directory says of one user.
struct DirectoryEntry {
    std::string dn;
    std::vector<std::string> units;  ///< organisational units of the DN, the outermost first
    std::map<std::string, std::vector<std::string>> values;  ///< by attribute, in lower case

    /// Empty when it has none. Names count in any case.
    const std::vector<std::string>& valuesOf(const std::string& attribute) const;
};

/// A directory, asked over LDAP. Thread-safe; calls wait for the network, a bounded number at the
/// same time: while all of them wait, and as many more for their turn, others are refused at once.
/// Referrals are not followed. Errors of the directory that are nobody's mistake are UNAVAILABLE:
/// DIRECTORY_GONE, DIRECTORY_BUSY, DIRECTORY_REFUSED (it does not let us ask),
/// DIRECTORY_TLS_FAILED.
class Directory {
public:
    /// Nothing is asked yet. `wanted` are the attributes to ask for. INVALID_ARGUMENT
    /// (BAD_USER_FILTER, EMPTY_BIND_PASSWORD); errors of readFile for roots and of readSecretFile.
    static Result<std::unique_ptr<Directory>> open(DirectoryOptions options,
                                                   std::set<std::string> wanted);
    ~Directory();

    /// The one entry that the filter finds for this name and that has the name exactly so, as
    /// directories overlook case and blanks. NOT_FOUND (NO_SUCH_USER); FAILED_PRECONDITION:
    /// SEVERAL_USERS, DIRECTORY_ENTRY_TOO_LARGE.
    Result<DirectoryEntry> find(const std::string& user);

    /// Whether the directory lets somebody in who has this password. UNAUTHENTICATED
    /// (WRONG_PASSWORD), also for entries that are locked, have ended or must change it first, and
    /// for an empty one, which directories take for nobody in particular.
    Status checkPassword(const std::string& dn, const std::string& password);

private:
    struct Connection;
    class Turn;
    Directory(DirectoryOptions options, std::set<std::string> wanted);
    Result<std::unique_ptr<Connection>> connect() const;
    Result<std::unique_ptr<Connection>> connectAsReader() const;
    Result<DirectoryEntry> search(Connection& connection, const std::string& user) const;

    const DirectoryOptions m_options;
    const std::set<std::string> m_nameAttributes;  ///< those that the filter holds the name against
    std::vector<std::string> m_wanted;
    std::mutex m_mutex;
    std::condition_variable m_ended;
    std::size_t m_running = 0;
    std::size_t m_waiting = 0;
    std::vector<std::unique_ptr<Connection>> m_idle;  ///< of the reader
};

/// RFC 4515, 3: a value in a filter.
std::string escapedForFilter(std::string_view value);

/// That the filter has balanced parentheses and holds some attribute against %s.
/// INVALID_ARGUMENT (BAD_USER_FILTER).
Status checkUserFilter(const std::string& filter);

}  // namespace chancery::node
