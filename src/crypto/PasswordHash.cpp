#include "src/crypto/PasswordHash.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "src/base/Encoding.h"

namespace chancery::crypto {
namespace {

constexpr std::size_t kPasswordSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr std::uint64_t kMostMemory = 64U << 20;

struct Cost {
    unsigned log2N;
    unsigned r;
    unsigned p;
};

std::optional<Bytes> derive(BytesView password, BytesView salt, Cost cost) {
    Bytes hash(kHashBytes, '\0');
    const int done = EVP_PBE_scrypt(
        password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()),
        salt.size(), std::uint64_t(1) << cost.log2N, cost.r, cost.p, kMostMemory,
        reinterpret_cast<unsigned char*>(hash.data()), hash.size());
    if (done != 1) return std::nullopt;
    return hash;
}

std::optional<unsigned> number(std::string_view text, unsigned most) {
    unsigned value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    if (value == 0 || value > most) return std::nullopt;
    return value;
}

}  // namespace

Result<std::string> hashPassword(BytesView password, PasswordCost cost, Random& random) {
    const Cost wanted = cost == PasswordCost::Chosen ? Cost{14, 8, 1} : Cost{4, 1, 1};
    const Bytes salt = random.bytes(kPasswordSaltBytes);
    const auto hash = derive(password, salt, wanted);
    if (!hash)
        return makeError(StatusCode::kInternal, "CRYPTO_FAILED",
                         "the crypto library could not hash a password");
    return fmt::format("scrypt${}${}${}${}${}", wanted.log2N, wanted.r, wanted.p, toBase64(salt),
                       toBase64(*hash));
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
    const auto got = derive(password, *salt, {*log2N, *r, *p});
    return got && CRYPTO_memcmp(got->data(), wanted->data(), kHashBytes) == 0;
}

}  // namespace chancery::crypto
