#include "src/index/TransactionId.h"

#include <functional>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"

namespace chancery::index {
namespace {

constexpr std::size_t kKeyBytes = 7;  // so that keys are never negative

std::int64_t keyOf(BytesView bytes) {
    std::int64_t key = 0;
    for (std::size_t i = 0; i < kKeyBytes; ++i)
        key = key << 8 | static_cast<unsigned char>(bytes[i]);
    return key;
}

bool isWellFormed(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

}  // namespace

TransactionId::TransactionId(std::string_view text) {
    if (isWellFormed(text)) {
        stored = *fromHex(text);
        key = keyOf(stored);
    } else {
        stored = Bytes(text);
        key = -1 - keyOf(crypto::sha256(text));
    }
}

std::string TransactionId::textOf(std::int64_t key, BytesView stored) {
    return key >= 0 ? toHex(stored) : std::string(stored);
}

std::optional<std::pair<std::int64_t, std::int64_t>> TransactionId::range(std::string_view prefix) {
    if (prefix.empty() || prefix.size() > 64) return std::nullopt;
    std::string low(prefix.substr(0, 2 * kKeyBytes));
    std::string high = low;
    low.resize(2 * kKeyBytes, '0');
    high.resize(2 * kKeyBytes, 'f');
    const auto lowBytes = fromHex(low);
    const auto highBytes = fromHex(high);
    if (!lowBytes.ok() || !highBytes.ok()) return std::nullopt;
    return std::pair(keyOf(*lowBytes), keyOf(*highBytes));
}

}  // namespace chancery::index
