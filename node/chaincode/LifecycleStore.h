#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/chaincode/Simulation.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace chancery::node {

/// A part of the namespace _lifecycle in which structures are kept field by field: the public one,
/// or the implicit collection of an organisation.
class LifecycleStore {
public:
    explicit LifecycleStore(Simulation& simulation) : m_simulation(simulation) {}
    LifecycleStore(Simulation& simulation, const MspId& organisation);

    Result<std::optional<Bytes>> get(std::string_view key);
    /// SHA-256 of a value; for the collections of others.
    Result<std::optional<Bytes>> hash(std::string_view key);
    Status put(std::string_view key, BytesView value);
    Status remove(std::string_view key);
    /// All that begins with an ASCII prefix.
    Result<std::map<std::string, Bytes>> range(std::string_view prefix);

private:
    Simulation& m_simulation;
    std::string m_collection;
};

/// A structure as it is written: fields in order, values as StateData.
struct LifecycleRecord {
    std::string kind;  ///< "namespaces", "chaincode-sources"
    std::string name;
    std::string datatype;
    struct Field {
        std::string name;
        Bytes value;
    };
    std::vector<Field> fields;

    std::string metadataKey() const;
    std::string fieldKey(std::string_view field) const;
};

/// Its metadata's datatype; nothing when there is no such structure.
Result<std::optional<protocol::StateMetadata>> readMetadata(LifecycleStore& store,
                                                            std::string_view kind,
                                                            std::string_view name);
/// Writes what changes of it and nothing else: existing fields are read first, equal ones stay,
/// ones that are no more are deleted, metadata is written only when it differs (fact sheet B §4.4).
Status writeRecord(LifecycleStore& store, const LifecycleRecord& record);

/// What differs between the record and what the store holds, judged by hashes: names of fields, or
/// the datatype when there is nothing comparable. Empty: it is there exactly so.
Result<std::vector<std::string>> mismatchesOf(LifecycleStore& store, const LifecycleRecord& record);

}  // namespace chancery::node
