// Policy text from anywhere: what is read prints, and what is printed reads as the same policy.
#include <cstdlib>

#include "fabric/common/policies.pb.h"
#include "src/policy/ImplicitMetaPolicy.h"
#include "src/policy/SatisfyingSets.h"
#include "src/policy/SignaturePolicy.h"
#include "src/wire/Serialize.h"

using namespace chancery;

namespace {

constexpr std::size_t kMaxSets = 50;

void expect(bool holds) {
    if (!holds) std::abort();
}

void readSignaturePolicy(std::string_view text) {
    const auto parsed = policy::parsePolicyText(text);
    if (!parsed.ok()) {
        expect(reasonOf(parsed.status()) == "BAD_POLICY_TEXT");
        expect(std::strtoull(argumentOf(parsed.status(), "offset").c_str(), nullptr, 10) <=
               text.size());
        return;
    }
    const auto printed = policy::printPolicyText(*parsed);
    expect(printed.ok());
    const auto again = policy::parsePolicyText(*printed);
    expect(again.ok() && wire::serialize(*again) == wire::serialize(*parsed));
    (void)policy::minimalSatisfyingSets(*parsed, kMaxSets);
    (void)policy::minimalOrganisationSets(*parsed, kMaxSets);
}

void readImplicitMeta(std::string_view text) {
    const auto parsed = policy::parseImplicitMetaText(text);
    if (parsed.ok()) expect(*policy::printImplicitMetaText(*parsed) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    readSignaturePolicy(text);
    readImplicitMeta(text);
    return 0;
}
