#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/protocol/Block.h"

namespace chancery::node::test {

/// orderer.AtomicBroadcast/Deliver on a unix socket: gives its blocks from the wanted number on and
/// those that are added later.
class TestOrderer {
public:
    TestOrderer(const std::string& socket, std::vector<protocol::Block> blocks);
    ~TestOrderer();

    bool started() const;
    std::string address() const;
    void add(protocol::Block block);
    void refuseWith(int status);
    BlockNumber lastFrom() const;
    std::string lastChannel() const;
    int streams() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::node::test
