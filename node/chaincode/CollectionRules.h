#pragma once

#include "src/base/Status.h"
#include "src/identity/Msp.h"

namespace protos {
class CollectionConfigPackage;
}

namespace chancery::node {

/// What Fabric's peers demand of the collections of a definition that is approved or committed:
/// form, member policies that name organisations of the channel, and nothing of `committed` (null:
/// nothing is committed) dropped or changed in its lifetime (fact sheet B §4.4). INVALID_ARGUMENT
/// (BAD_COLLECTION) with Fabric's sentences.
Status checkCollections(const ::protos::CollectionConfigPackage& proposed,
                        const ::protos::CollectionConfigPackage* committed,
                        std::shared_ptr<const identity::MspSet> msps);

}  // namespace chancery::node
