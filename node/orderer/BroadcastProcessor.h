#pragma once

#include <functional>

#include "node/orderer/Registrar.h"

namespace chancery::node {

/// Broadcast without its transport: envelopes in, answers out. Thread-safe.
class BroadcastProcessor {
public:
    using Done = std::function<void(BroadcastAnswer)>;

    BroadcastProcessor(OrdererContextPtr context, const Registrar& registrar)
        : m_context(std::move(context)), m_registrar(registrar) {}

    /// Checks the envelope on the calling thread, signature included. `done` is called once, on any
    /// thread, perhaps before this returns; with success when the envelope is durable.
    void process(const protocol::SharedBytes& envelope, Done done) const;

private:
    OrdererContextPtr m_context;
    const Registrar& m_registrar;
};

}  // namespace chancery::node
