#pragma once

#include <fabric/common/common.pb.h>
#include <fabric/common/configtx.pb.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace chancery::fuzz {

inline void require(bool condition) {
    if (!condition) std::abort();
}

/// The configuration of the vectors' channel "tradechannel" as its genesis block has it.
inline ::common::Config readGenesis() {
    std::ifstream in(CHANCERY_VECTORS "/config/genesis_tradechannel.block", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    ::common::Block block;
    ::common::Envelope envelope;
    ::common::Payload payload;
    ::common::ConfigEnvelope config;
    require(block.ParseFromString(bytes) && envelope.ParseFromString(block.data().data(0)) &&
            payload.ParseFromString(envelope.payload()) && config.ParseFromString(payload.data()));
    return config.config();
}

}  // namespace chancery::fuzz
