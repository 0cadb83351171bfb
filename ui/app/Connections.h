#pragma once

#include <memory>

#include "src/usecase/LiveNetwork.h"

namespace chancery::ui {

/// How this program reaches nodes, agents and CAs.
class Connections {
public:
    Connections();
    ~Connections();
    const usecase::NetworkConnectors& connectors() const;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

}  // namespace chancery::ui
