#include "node/agent/PairingCodes.h"

#include <fmt/format.h>
#include <algorithm>

namespace chancery::agent {
namespace {

constexpr absl::Duration kLife = absl::Minutes(10);

}  // namespace

void PairingCodes::dropEnded() {
    const absl::Time now = m_clock.now();
    std::erase_if(m_codes,
                  [&](const Code& code) { return code.ends <= now || code.wrong >= kMaxWrong; });
}

Result<PairingCodes::Given> PairingCodes::give(const std::string& clientName, rpc::Role role) {
    const std::lock_guard lock(m_mutex);
    dropEnded();
    if (m_codes.size() >= kMaxCodes)
        return makeError(StatusCode::kResourceExhausted, "TOO_MANY_CODES",
                         fmt::format("{} pairing codes wait to be used", kMaxCodes));
    Given given{rpc::makePairingCode(m_random), m_clock.now() + kLife};
    ASSIGN_OR_RETURN(std::string letters, rpc::readPairingCode(given.code));
    m_codes.push_back({rpc::pairingKey(letters), clientName, role, given.ends, 0});
    crypto::wipe(letters);
    return given;
}

Result<PairingCodes::Used> PairingCodes::use(const Bytes& clientProof,
                                             const rpc::PairingView& view) {
    const std::lock_guard lock(m_mutex);
    dropEnded();
    for (auto code = m_codes.begin(); code != m_codes.end(); ++code) {
        const Bytes expected = rpc::pairingProof(code->key, rpc::Speaker::Client, view);
        if (!crypto::equalInConstantTime(expected, clientProof)) continue;
        Used used{code->clientName, code->role,
                  rpc::pairingProof(code->key, rpc::Speaker::Server, view)};
        m_codes.erase(code);
        return used;
    }
    if (m_codes.empty())
        return makeError(StatusCode::kFailedPrecondition, "CODE_ENDED",
                         "no pairing code waits to be used: it was used, it is older than ten "
                         "minutes, or there were too many wrong ones");
    for (Code& code : m_codes) ++code.wrong;
    return makeError(StatusCode::kUnauthenticated, "WRONG_CODE", "the pairing code is wrong");
}

}  // namespace chancery::agent
