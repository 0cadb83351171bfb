#include "src/wallet/Header.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/wallet/Json.h"
#include "src/wallet/WalletFile.h"

namespace chancery::wallet {
namespace {

constexpr const char* kFile = "workspace.wallet";
constexpr std::size_t kLeastPassphrase = 8;

}  // namespace

std::string writeHeader(const Header& header) {
    return textOf({{"id", header.id},
                   {"made", timeText(header.made)},
                   {"generation", header.generation},
                   {"kdf",
                    {{"name", "scrypt"},
                     {"log2n", header.cost.log2N},
                     {"r", header.cost.r},
                     {"p", header.cost.p},
                     {"salt", toBase64(header.salt)}}}});
}

Result<Header> parseHeader(std::string_view metadata) {
    const Json json = parseObject(metadata);
    const auto id = stringIn(json, "id");
    const auto made = timeIn(json, "made");
    const auto generation = numberIn(json, "generation");
    const auto found = json.is_object() ? json.find("kdf") : json.end();
    if (!id || id->size() != 32 || !made || !generation || *generation == 0 ||
        found == json.end() || !found->is_object())
        return damaged(kFile, "a part of its description is missing");
    const Json& kdf = *found;
    if (stringIn(kdf, "name") != "scrypt")
        return damaged(kFile, "it names a key derivation that is not known");
    const auto log2N = numberIn(kdf, "log2n");
    const auto r = numberIn(kdf, "r");
    const auto p = numberIn(kdf, "p");
    const auto salt = base64In(kdf, "salt");
    if (!log2N || !r || !p || *log2N > 63 || *r > 1'000'000 || *p > 1'000'000 || !salt ||
        salt->size() != 32)
        return damaged(kFile, "the parameters of its key derivation make no sense");
    return Header{*id, *made, *generation, {unsigned(*log2N), unsigned(*r), unsigned(*p)}, *salt};
}

Status checkCost(crypto::ScryptCost cost, crypto::ScryptCost least) {
    constexpr std::uint64_t kMostMemory = 512 << 20;
    if (cost.log2N > 24 || cost.r == 0 || cost.r > 64 || cost.p == 0 || cost.p > 4 ||
        cost.memory() > kMostMemory)
        return makeError(StatusCode::kInvalidArgument, "BAD_KDF",
                         fmt::format("a key derivation with log2 N {}, r {}, p {} is not done here",
                                     cost.log2N, cost.r, cost.p));
    if (cost.memory() < least.memory() || cost.p < least.p)
        return makeError(StatusCode::kFailedPrecondition, "WEAK_KDF",
                         fmt::format("the workspace derives its keys too cheaply (scrypt with log2 "
                                     "N {}, r {}, p {}); at least {}, {}, {} are asked for",
                                     cost.log2N, cost.r, cost.p, least.log2N, least.r, least.p));
    return absl::OkStatus();
}

Status checkPassphrase(BytesView passphrase) {
    if (passphrase.size() >= kLeastPassphrase) return absl::OkStatus();
    return makeError(StatusCode::kFailedPrecondition, "WEAK_PASSPHRASE",
                     fmt::format("a passphrase needs at least {} characters; several words are "
                                 "better than one",
                                 kLeastPassphrase));
}

}  // namespace chancery::wallet
