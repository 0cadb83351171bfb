#include "src/crypto/PasswordHash.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <vector>

#include "src/base/Encoding.h"
#include "src/crypto/Sealing.h"

namespace chancery::crypto {
namespace {

constexpr std::size_t kPasswordSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
// A stored text that asks for more is not one of ours.
constexpr std::uint64_t kMostMemory = 64U << 20;

std::optional<unsigned> number(std::string_view text, unsigned most) {
    unsigned value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    if (value == 0 || value > most) return std::nullopt;
    return value;
}

}  // namespace

Result<std::string> hashPassword(BytesView password, PasswordCost cost, Random& random) {
    const ScryptCost wanted = cost == PasswordCost::Chosen ? ScryptCost{.log2N = 14, .r = 8, .p = 1}
                                                           : ScryptCost{.log2N = 4, .r = 1, .p = 1};
    const Bytes salt = random.bytes(kPasswordSaltBytes);
    ASSIGN_OR_RETURN(const Secret hash, deriveKey(password, salt, wanted, kHashBytes));
    return fmt::format("scrypt${}${}${}${}${}", wanted.log2N, wanted.r, wanted.p, toBase64(salt),
                       toBase64(hash.view()));
}

bool isPassword(BytesView password, std::string_view hash) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at <= hash.size();) {
        const std::size_t end = std::min(hash.find('$', at), hash.size());
        parts.push_back(hash.substr(at, end - at));
        at = end + 1;
    }
    if (parts.size() != 6 || parts[0] != "scrypt") return false;
    const auto log2N = number(parts[1], 20);
    const auto r = number(parts[2], 32);
    const auto p = number(parts[3], 16);
    const auto salt = fromBase64(parts[4]);
    const auto wanted = fromBase64(parts[5]);
    if (!log2N || !r || !p || !salt.ok() || !wanted.ok() || wanted->size() != kHashBytes)
        return false;
    const ScryptCost cost{.log2N = *log2N, .r = *r, .p = *p};
    if (cost.memory() > kMostMemory) return false;
    const auto got = deriveKey(password, *salt, cost, kHashBytes);
    return got.ok() && equalInConstantTime(got->view(), *wanted);
}

}  // namespace chancery::crypto
