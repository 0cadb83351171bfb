#pragma once

#include <map>
#include <memory>
#include <string>

#include "node/state/StateView.h"
#include "src/verify/MemoryState.h"

namespace chancery::test {

/// A state in memory as contracts see it; keys of private data stand in privateNamespace.
class FakeState {
public:
    verify::MemoryState keys;
    std::map<std::pair<std::string, std::string>, std::vector<node::KeyChange>> changes;
    BlockNumber height = 1;
    bool history = true;

    FakeState& put(const std::string& ns, const std::string& key, const std::string& value,
                   protocol::Version version = {1, 0}, const Bytes& metadata = {});
    /// Clear text and hash; other versions of both when they are told.
    FakeState& putPrivate(const std::string& ns, const std::string& collection,
                          const std::string& key, const std::string& value,
                          protocol::Version version = {1, 0});

    /// A view of a copy: later changes are not seen.
    std::unique_ptr<node::StateView> view() const;
};

}  // namespace chancery::test
