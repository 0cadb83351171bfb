#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fabric/ledger/rwset/kvrwset.pb.h"
#include "fabric/ledger/rwset/rwset.pb.h"
#include "src/identity/SigningIdentity.h"
#include "src/protocol/BlockFile.h"
#include "src/protocol/Transaction.h"
#include "src/verify/ChainState.h"

namespace chancery::test {

/// A member of the golden network: "alpha" is peer0 of that organisation, "User1@alpha" a client,
/// "orderer" the orderer. Throws when there is none.
const identity::SigningIdentity& member(const std::string& name);

/// A read/write set, freely made: also such as no peer would make.
class SetMaker {
public:
    SetMaker& read(const std::string& ns, const std::string& key,
                   std::optional<protocol::Version> version);
    SetMaker& write(const std::string& ns, const std::string& key, const std::string& value);
    SetMaker& remove(const std::string& ns, const std::string& key);
    SetMaker& metadata(const std::string& ns, const std::string& key, const std::string& policy);
    SetMaker& range(const std::string& ns, kvrwset::RangeQueryInfo query);
    SetMaker& hashedRead(const std::string& ns, const std::string& collection,
                         const std::string& key, std::optional<protocol::Version> version);
    SetMaker& hashedWrite(const std::string& ns, const std::string& collection,
                          const std::string& key, const std::string& value, bool purge = false);
    SetMaker& hashedMetadata(const std::string& ns, const std::string& collection,
                             const std::string& key, const std::string& policy);

    Bytes bytes() const;
    /// Decoded again; the bytes live as long as the program.
    protocol::ReadWriteSet set() const;

private:
    kvrwset::KVRWSet& in(const std::string& ns);
    kvrwset::HashedRWSet& in(const std::string& ns, const std::string& collection);

    struct Part {
        std::string ns;
        kvrwset::KVRWSet set;
        std::vector<std::pair<std::string, kvrwset::HashedRWSet>> collections;
    };
    std::vector<Part> m_parts;
};

/// SignaturePolicyEnvelope for a text of the policy language.
Bytes policyOf(const std::string& text);

/// An endorser transaction and what may be odd about it.
struct TransactionMaker {
    std::string channel = "tradechannel";
    std::string contract = "assets";
    std::string version = "2.0";
    std::string creator = "User1@alpha";
    std::vector<std::string> endorsers{"alpha", "beta"};
    Bytes results;
    Bytes event;
    std::string nonce;  ///< its own for each transaction unless given
    bool withoutActions = false;
    bool breakCreatorSignature = false;

    Bytes envelope() const;
};
/// The usual one: endorsed by both, with this set.
Bytes transactionWith(const SetMaker& set);

/// Makes blocks that continue a chain, signed by the golden network's orderer.
class BlockMaker {
public:
    explicit BlockMaker(const verify::ChainState& chain);

    /// Linked and signed, without validation codes.
    protocol::SourcedBlock next(std::vector<Bytes> envelopes);

private:
    BlockNumber m_number;
    Bytes m_previous;
    BlockNumber m_config;
};

}  // namespace chancery::test
