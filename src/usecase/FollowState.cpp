#include "src/usecase/FollowState.h"

#include <algorithm>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"

namespace chancery::usecase {

namespace fs = std::filesystem;

fs::path followFolder(const fs::path& indexes, const fs::path& network, const ChannelId& channel) {
    std::error_code ignored;
    const Bytes all = fs::weakly_canonical(network, ignored).string() + '\n' + channel.str();
    return indexes / "followed" / toHex(crypto::sha256(all)).substr(0, 24);
}

double FollowState::fraction() const {
    if (to <= from) return phase == Phase::Live ? 1 : 0;
    const BlockNumber now = std::clamp(at.value_or(from), from, to);
    return static_cast<double>(now - from) / static_cast<double>(to - from);
}

}  // namespace chancery::usecase
