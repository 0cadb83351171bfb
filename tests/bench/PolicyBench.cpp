// What the evaluation of a policy costs beyond the signature checks that it asks for.
#include <array>
#include <vector>

#include "fabric/common/policies.pb.h"
#include "src/policy/SignaturePolicy.h"
#include "tests/bench/Bench.h"
#include "tests/bench/Members.h"

namespace chancery::bench {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 4> kSigners = {
    {{"peerOrganizations/alpha.pub.test/peers/peer0.alpha.pub.test", "AlphaMSP"},
     {"peerOrganizations/beta.pub.test/peers/peer0.beta.pub.test", "BetaMSP"},
     {"peerOrganizations/gamma.pub.test/peers/peer0.gamma.pub.test", "GammaMSP"},
     {"ordererOrganizations/orderers.pub.test/orderers/orderer.orderers.pub.test",
      "OrdererPubMSP"}}};
constexpr const char* kTwoOfFour =
    "OutOf(2, 'AlphaMSP.peer', 'BetaMSP.peer', 'GammaMSP.peer', 'OrdererPubMSP.orderer')";
constexpr const char* kTwoOthers =
    "OutOf(2, 'AlphaMSP.admin', 'BetaMSP.admin', 'GammaMSP.client', 'OrdererPubMSP.peer')";

struct SignatureSet {
    std::string message = std::string(1000, 'm');
    std::vector<identity::SigningIdentityPtr> signers;
    std::vector<Bytes> signatures;

    std::vector<policy::SignedData> views() const {
        std::vector<policy::SignedData> set;
        for (std::size_t i = 0; i < signers.size(); ++i)
            set.push_back({message, signers[i]->serialized(), signatures[i]});
        return set;
    }
};

Result<SignatureSet> signAll() {
    SignatureSet set;
    for (const auto& [folder, mspId] : kSigners) {
        ASSIGN_OR_RETURN(auto signer, memberOfVectors(folder, mspId));
        ASSIGN_OR_RETURN(Bytes signature, signer->sign(set.message));
        set.signers.push_back(std::move(signer));
        set.signatures.push_back(std::move(signature));
    }
    return set;
}

Status policyOverhead(Report& report) {
    ASSIGN_OR_RETURN(const auto msps, membersOfVectors());
    ASSIGN_OR_RETURN(const auto envelope, policy::parsePolicyText(kTwoOfFour));
    ASSIGN_OR_RETURN(const policy::PolicyPtr policy,
                     policy::compileSignaturePolicy(envelope, msps));
    ASSIGN_OR_RETURN(const SignatureSet signatures, signAll());
    const std::vector<policy::SignedData> set = signatures.views();
    const auto verified = policy::verifySignatures(set, *msps);
    if (verified.identities.size() != set.size())
        return makeError(StatusCode::kInternal, "NOT_ACCEPTED", "a signature was not accepted");
    RETURN_IF_ERROR(policy::evaluate(*policy, set, *msps));

    // The two differ by microseconds in half a millisecond: take them in turns and the median of
    // the differences.
    std::vector<double> whole, checks, differences;
    for (int i = 0; i < 2000; ++i) {
        const double start = threadCpuSeconds();
        RETURN_IF_ERROR(policy::evaluate(*policy, set, *msps));
        const double middle = threadCpuSeconds();
        for (std::size_t s = 0; s < set.size(); ++s)
            RETURN_IF_ERROR(verified.identities[s]->verify(set[s].data, set[s].signature));
        const double end = threadCpuSeconds();
        whole.push_back(middle - start);
        checks.push_back(end - middle);
        differences.push_back(whole.back() - checks.back());
    }
    report.figure("policy_2_of_4_us", 1e6 * median(whole));
    report.figure("policy_2_of_4_signature_checks_us", 1e6 * median(checks));
    report.figure("policy_2_of_4_overhead_us", 1e6 * median(differences),
                  {.atLeast = {}, .atMost = 5});
    const double decisions = perCpuSecond([&] { policy->isSatisfiedBy(verified.identities); });
    report.figure("policy_2_of_4_decision_us", 1e6 / decisions);

    // Who is not what is asked for, four times over: the answer is no, and nobody asks why.
    ASSIGN_OR_RETURN(const auto others, policy::parsePolicyText(kTwoOthers));
    ASSIGN_OR_RETURN(const policy::PolicyPtr unmet, policy::compileSignaturePolicy(others, msps));
    if (unmet->isSatisfiedBy(verified.identities))
        return makeError(StatusCode::kInternal, "SATISFIED", "peers passed as administrators");
    const double refusals = perCpuSecond([&] { unmet->isSatisfiedBy(verified.identities); });
    report.figure("policy_2_of_4_refusal_us", 1e6 / refusals);
    return absl::OkStatus();
}

const Registration kPolicy("policy", policyOverhead);

}  // namespace
}  // namespace chancery::bench
