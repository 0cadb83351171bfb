#pragma once

#include <string>
#include <vector>

#include "src/policy/Policy.h"
#include "src/usecase/PolicyDescription.h"
#include "src/verify/Contracts.h"
#include "src/verify/PolicyBook.h"
#include "src/verify/State.h"
#include "src/verify/TransactionCheck.h"

namespace chancery::usecase {

PolicyExplanation describe(const policy::Explanation& explanation);

/// protos.ApplicationPolicy as text: a signature policy, or the path that it refers to with what
/// stands there.
Sentence tellApplicationPolicy(BytesView applicationPolicy, const channel::Bundle* bundle);
std::string applicationPolicyText(BytesView applicationPolicy, const channel::Bundle* bundle);
/// common.SignaturePolicyEnvelope as text; a note when it cannot be read.
Sentence tellSignaturePolicy(BytesView signaturePolicy);
std::string signaturePolicyText(BytesView signaturePolicy);
/// A policy of the channel's configuration as text, "MAJORITY Endorsement"; empty when there is
/// none of that path.
Sentence tellChannelPolicy(const channel::Bundle& bundle, std::string_view path);
std::string channelPolicyText(const channel::Bundle& bundle, std::string_view path);

/// Every policy that a transaction had to satisfy, with the verdict on its endorsements: those of
/// the contracts whose state it changes, of their collections, and of single keys (fact sheet B
/// §3.3). `state` is the one before the block.
std::vector<PolicyVerdict> judgePolicies(const verify::PreparedTransaction& transaction,
                                         const verify::StateReader& state,
                                         verify::Contracts& contracts,
                                         const channel::BundlePtr& bundle);

}  // namespace chancery::usecase
