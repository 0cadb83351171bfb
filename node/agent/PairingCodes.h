#pragma once

#include <deque>
#include <mutex>
#include <string>

#include "absl/time/time.h"
#include "src/base/Clock.h"
#include "src/base/Random.h"
#include "src/rpc/AdminRights.h"
#include "src/rpc/PairingProof.h"

namespace chancery::agent {

/// Codes that were given out and not used yet; only in memory, and only the keys made of them.
/// Thread-safe.
class PairingCodes {
public:
    static constexpr std::size_t kMaxCodes = 16;
    static constexpr int kMaxWrong = 5;

    explicit PairingCodes(const Clock& clock = Clock::system(), Random& random = Random::system())
        : m_clock(clock), m_random(random) {}

    struct Given {
        std::string code;
        absl::Time ends;
    };
    /// RESOURCE_EXHAUSTED (TOO_MANY_CODES).
    Result<Given> give(const std::string& clientName, rpc::Role role);

    struct Used {
        std::string clientName;
        rpc::Role role = rpc::Role::Auditor;
        Bytes proof;  ///< the server's
    };
    /// Uses the code that the proof was made with up. UNAUTHENTICATED (WRONG_CODE), which counts
    /// for every code that waits; FAILED_PRECONDITION (CODE_ENDED) when none does.
    Result<Used> use(const Bytes& clientProof, const rpc::PairingView& view);

private:
    struct Code {
        crypto::Secret key;
        std::string clientName;
        rpc::Role role;
        absl::Time ends;
        int wrong = 0;
    };
    void dropEnded();

    const Clock& m_clock;
    Random& m_random;
    std::mutex m_mutex;
    std::deque<Code> m_codes;
};

}  // namespace chancery::agent
