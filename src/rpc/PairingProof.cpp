#include "src/rpc/PairingProof.h"

#include <array>

#include "src/crypto/Sealing.h"

namespace chancery::rpc {
namespace {

constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCodeLetters = 20;
constexpr std::size_t kGroup = 5;
constexpr std::size_t kMaxTyped = 100;

char asWritten(char c) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (c == 'O') return '0';
    return c == 'I' || c == 'L' ? '1' : c;
}

}  // namespace

std::string makePairingCode(Random& random) {
    std::string code;
    const Bytes bytes = random.bytes(kCodeLetters);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i > 0 && i % kGroup == 0) code += '-';
        code += kLetters[static_cast<unsigned char>(bytes[i]) % kLetters.size()];
    }
    return code;
}

Result<std::string> readPairingCode(std::string_view typed) {
    std::array<char, kCodeLetters> letters{};
    std::size_t count = 0;
    bool isGood = typed.size() <= kMaxTyped;
    for (const char c : typed.substr(0, kMaxTyped)) {
        if (c == '-' || c == ' ') continue;
        const char letter = asWritten(c);
        isGood = isGood && count < kCodeLetters && kLetters.find(letter) != kLetters.npos;
        if (isGood) letters[count++] = letter;
    }
    if (isGood && count == kCodeLetters) return std::string(letters.data(), letters.size());
    return makeError(StatusCode::kInvalidArgument, "BAD_CODE",
                     "a pairing code has four groups of five letters and digits");
}

crypto::Secret pairingKey(std::string_view letters) {
    // HKDF of RFC 5869 for one block: no salt is a salt of zeros.
    const crypto::Secret none = crypto::Secret::ofSize(32);
    const crypto::Secret extracted(crypto::hmacSha256(none, letters));
    return crypto::Secret(crypto::hmacSha256(extracted, "chancery pairing v1\x01"));
}

Bytes pairingProof(const crypto::Secret& key, Speaker speaker, const PairingView& view) {
    Bytes message = speaker == Speaker::Client ? "client" : "server";
    for (const Bytes* part :
         {&view.clientNonce, &view.serverNonce, &view.clientFingerprint, &view.serverFingerprint})
        message += *part;
    return crypto::hmacSha256(key, message);
}

}  // namespace chancery::rpc
