#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Clock.h"
#include "src/base/Descriptor.h"
#include "src/base/Status.h"

namespace chancery::audit {

/// What somebody did, or tried to.
struct Event {
    std::string caller;   ///< "local", or name and fingerprint of a paired client
    std::string role;     ///< "administrator"
    std::string call;     ///< "chancery.agent.v1.HostNodes/Start"
    std::string subject;  ///< what it was about: "network/node"
    std::string outcome;  ///< empty: it begins; "OK" or a reason
    friend bool operator==(const Event&, const Event&) = default;
};

struct Entry {
    std::uint64_t number = 0;  ///< from 1
    absl::Time when;           ///< to the microsecond
    Event event;
    std::string hash;  ///< lower-case hex: SHA-256 over the hash before and this line without it
    friend bool operator==(const Entry&, const Entry&) = default;
};

/// The newest entry; number 0 and the hash of nothing when there is none.
struct Head {
    std::uint64_t number = 0;
    std::string hash = std::string(64, '0');
    friend bool operator==(const Head&, const Head&) = default;
};

/// A file of JSON lines, each of which holds the hash of everything before it. An entry is on the
/// disk when `append` returns. Thread-safe.
class AuditLog {
public:
    /// Verifies what is there; an unfinished last line, left by a machine that lost its power, goes
    /// away, unless the head says that it was finished. DATA_LOSS (AUDIT_BROKEN) with `number`, the
    /// first entry that cannot be trusted, and `path`.
    static Result<std::unique_ptr<AuditLog>> open(const std::filesystem::path& path,
                                                  const Clock& clock = Clock::system());

    /// An error of the disk is final: nothing is written any more (AUDIT_NOT_WRITTEN).
    Result<Entry> append(const Event& event);
    Head head() const;
    /// Entries from that number on, at most `limit`, after the whole file was verified again up to
    /// the head in memory. DATA_LOSS (AUDIT_BROKEN).
    Result<std::vector<Entry>> read(std::uint64_t from, std::size_t limit) const;

private:
    AuditLog(std::filesystem::path path, Descriptor file, Head head, const Clock& clock);

    const std::filesystem::path m_path;
    const Clock& m_clock;
    mutable std::mutex m_mutex;
    Descriptor m_file;
    Head m_head;
    bool m_isBroken = false;
};

/// Checks every line and calls `take` with each entry. DATA_LOSS (AUDIT_BROKEN) with `number` for
/// an edited, removed, added or moved line, and for an end that is not `head`, if one is given.
Result<Head> verify(const std::filesystem::path& path, const Head* head = nullptr,
                    const std::function<void(const Entry&)>& take = nullptr);

}  // namespace chancery::audit
