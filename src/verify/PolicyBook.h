#pragma once

#include <map>
#include <string>
#include <string_view>

#include "src/base/Bytes.h"
#include "src/base/Sentence.h"
#include "src/channel/Bundle.h"
#include "src/policy/Policy.h"

namespace chancery::verify {

/// The policies that decide about transactions under one channel configuration, each compiled once.
/// One thread at a time.
class PolicyBook {
public:
    explicit PolicyBook(channel::BundlePtr bundle) : m_bundle(std::move(bundle)) {}

    const channel::BundlePtr& bundle() const { return m_bundle; }

    struct Entry {
        policy::PolicyPtr policy;  ///< null: the policy refuses everybody, `problem` says why
        Sentence problem;
        bool malformed = false;  ///< the bytes could not be decoded at all
    };
    // The references are valid until the next call.

    /// Of a contract or collection: protos.ApplicationPolicy, a signature policy or the name of a
    /// policy of the channel's configuration.
    const Entry& application(BytesView applicationPolicy);
    /// Of a key: common.SignaturePolicyEnvelope.
    const Entry& key(BytesView signaturePolicy);
    /// Of the namespace _lifecycle.
    const Entry& lifecycle();
    /// Of an organisation's implicit collection. Refuses everybody when the organisation is not in
    /// the channel.
    const Entry& implicitCollection(const MspId& mspId);

private:
    template <class Make>
    const Entry& entry(char kind, BytesView bytes, const Make& make);

    channel::BundlePtr m_bundle;
    std::map<std::string, Entry, std::less<>> m_entries;
};

}  // namespace chancery::verify
