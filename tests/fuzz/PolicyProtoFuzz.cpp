// Encoded policies from anywhere: as a policy of a chaincode, of a key, and as the policies of a
// channel's groups. What compiles is evaluated, explained, converted, printed and taken apart, and
// all answers agree.
#include <cstdlib>

#include "fabric/common/configtx.pb.h"
#include "fabric/common/policies.pb.h"
#include "src/policy/ApplicationPolicy.h"
#include "src/policy/Outage.h"
#include "src/policy/RuleTree.h"
#include "src/policy/SatisfyingSets.h"
#include "src/policy/SignaturePolicy.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

using namespace chancery;

namespace {

constexpr std::size_t kMaxSets = 50;

void expect(bool holds) {
    if (!holds) std::abort();
}

const std::shared_ptr<const identity::MspSet>& noMsps() {
    static const auto msps = std::make_shared<const identity::MspSet>();
    return msps;
}

void evaluate(const policy::Policy& compiled) {
    const policy::Explanation explanation = compiled.explain({});
    expect(explanation.satisfied == compiled.isSatisfiedBy({}));
    expect(policy::missingOf(explanation).empty() == explanation.satisfied);
    expect(!policy::toSentence(explanation).empty());
}

void readEnvelope(BytesView bytes) {
    const auto envelope =
        wire::parse<common::SignaturePolicyEnvelope>(bytes, "policy", policy::kPolicyLimits);
    if (!envelope.ok()) return;
    const auto compiled = policy::compileSignaturePolicy(*envelope, noMsps());
    const auto printed = policy::printPolicyText(*envelope);
    if (!compiled.ok()) {
        expect(!printed.ok());
        return;
    }
    evaluate(**compiled);
    if (printed.ok()) {
        const auto again = policy::parsePolicyText(*printed);
        expect(again.ok());
        expect(*policy::printPolicyText(*again) == *printed);
    }
    (void)policy::minimalSatisfyingSets(*envelope, kMaxSets);
    (void)policy::minimalOrganisationSets(*envelope, kMaxSets);
}

std::shared_ptr<const policy::PolicyTree> readTree(BytesView bytes) {
    const auto group = wire::parse<common::ConfigGroup>(bytes, "group");
    if (!group.ok()) return nullptr;
    const auto tree = policy::PolicyTree::fromConfig(*group, noMsps());
    if (!tree.ok()) return nullptr;
    for (const auto& [name, compiled] : policy::policiesOf(**tree)) {
        evaluate(*compiled);
        const auto converted = (*tree)->asSignaturePolicy(name);
        if (!converted.ok()) continue;
        const auto again = policy::compileSignaturePolicy(*converted, noMsps());
        expect(again.ok());
    }
    (void)policy::outageWithout({}, policy::policiesOf(**tree));
    return *tree;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    readEnvelope(bytes);
    const auto tree = readTree(bytes);
    if (!tree) return 0;
    const auto compiled = policy::compileApplicationPolicy(bytes, *tree, noMsps());
    if (compiled.ok()) evaluate(**compiled);
    return 0;
}
