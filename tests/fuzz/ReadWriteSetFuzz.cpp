// Read/write sets and what stands in the state that they write: what is read and built again is
// read the same.
#include <cstdint>
#include <cstdlib>

#include "src/protocol/Event.h"
#include "src/protocol/Lifecycle.h"
#include "src/protocol/ReadWriteSet.h"
#include "src/protocol/ReadWriteSetBuilder.h"

namespace {

using namespace chancery;
using namespace chancery::protocol;

void require(bool condition) {
    if (!condition) std::abort();
}

/// Public writes only: reads of equal keys are recorded once, so a hostile set does not come back
/// the same.
Bytes rebuilt(const ReadWriteSet& set) {
    ReadWriteSetBuilder builder;
    for (const NamespaceReadWriteSet& ns : set.namespaces) {
        for (const KeyRead& read : ns.reads)
            require(builder.read(ns.name, read.key, read.version).ok());
        for (const KeyWrite& write : ns.writes)
            require(builder.write(ns.name, write.key, write.value).ok());
        for (const RangeQuery& query : ns.rangeQueries) {
            RangeQueryRecorder recorder;
            if (const auto* reads = std::get_if<std::vector<KeyRead>>(&query.results))
                for (const KeyRead& read : *reads) recorder.add(read.key, read.version);
            require(builder
                        .rangeQuery(ns.name, query.startKey, query.endKey, query.exhausted,
                                    recorder.finish())
                        .ok());
        }
    }
    return builder.build().publicSet;
}

void stateValues(BytesView bytes) {
    (void)decodeStateInt(bytes).ok();
    (void)decodeStateString(bytes).ok();
    (void)decodeStateMetadata(bytes).ok();
    (void)decodeChaincodeEvent(bytes).ok();
    if (const auto value = decodeStateBytes(bytes); value.ok())
        require(decodeStateBytes(encodeStateBytes(*value)).value() == *value);
    if (const auto collections = decodeCollections(bytes); collections.ok()) {
        const auto again = encodeCollections(*collections);
        require(again.ok() && decodeCollections(*again).value() == *collections);
    }
    if (const auto key = LifecycleKey::parse(bytes))
        require(LifecycleKey::parse(key->str()) == key);
    if (const auto version = decodeVersion(bytes); version.ok())
        require(encodeVersion(*version) == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    stateValues(bytes);
    if (const auto sets = decodePrivateReadWriteSet(bytes); sets.ok())
        for (const PrivateCollectionWrites& set : *sets) (void)checkPrivateData(set, {}).ok();
    const auto set = decodeReadWriteSet(bytes);
    if (!set.ok()) return 0;
    const Bytes once = rebuilt(*set);
    const auto again = decodeReadWriteSet(once);
    require(again.ok() && rebuilt(*again) == once);
    return 0;
}
