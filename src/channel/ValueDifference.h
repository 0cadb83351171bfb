#pragma once

#include "src/channel/ChangeList.h"
#include "src/channel/Elements.h"

namespace etcdraft {
class ConfigMetadata;
}
namespace orderer {
class ConsensusType;
}
namespace common {
class ConfigValue;
class Orderers;
}  // namespace common
namespace msp {
class MSPConfig;
}

namespace chancery::channel {

/// Where a value stands.
struct ValuePlace {
    GroupKind group = GroupKind::Unknown;
    std::string groupName;  ///< of an organisation or a consortium
    std::string key;
    std::string path;
};

/// What differs in the content of a value; either may be null, not both.
std::vector<Change> valueDifference(const ValuePlace& place, const ::common::ConfigValue* before,
                                    const ::common::ConfigValue* after);

// The larger values. A null message is an absent value. `unknown` gets what has no name here in
// bytes that these messages hold.
struct UnknownBytes {
    Bytes before;
    Bytes after;
};
void compareConsensusType(ChangeList& changes, const ::orderer::ConsensusType* before,
                          const ::orderer::ConsensusType* after, UnknownBytes& unknown);
void compareOrderers(ChangeList& changes, const ::common::Orderers* before,
                     const ::common::Orderers* after);
void compareMsp(ChangeList& changes, const ::msp::MSPConfig* before, const ::msp::MSPConfig* after,
                UnknownBytes& unknown);

/// A certificate in words: subject, last day, SHA-256 of the DER.
std::string describeCertificate(BytesView pem);

}  // namespace chancery::channel
