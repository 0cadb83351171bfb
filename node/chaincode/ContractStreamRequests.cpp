#include "node/chaincode/ContractRequests.h"
#include "node/chaincode/ContractStream.h"

namespace chancery::node {

void ContractStream::answer(const ExecutionPtr& execution, const Message& request) {
    const auto began = std::chrono::steady_clock::now();
    reply(execution, request, answerRequest(*execution, request), began);
}

void ContractStream::call(const ExecutionPtr& execution, Message request) {
    const auto began = std::chrono::steady_clock::now();
    m_surroundings.callContract(
        execution, request,
        [self = shared_from_this(), execution, request, began](Result<Bytes> payload) {
            self->reply(execution, request, std::move(payload), began);
        });
}

}  // namespace chancery::node
