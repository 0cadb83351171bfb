#include "node/peer/EndorserService.h"

#include <grpcpp/grpcpp.h>

#include <QTest>

#include "fabric/peer/endorser_service.grpc.pb.h"
#include "src/rpc/Call.h"
#include "src/rpc/Server.h"
#include "tests/node/peer/EndorserFixture.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;

/// protos.Endorser over gRPC.
class EndorserServiceTest : public QObject {
    Q_OBJECT
private slots:
    void endorsesAndRefuses();
};

void EndorserServiceTest::endorsesAndRefuses() {
    EndorserFixture f;
    f.executor.run = [](const auto&) {
        ExecutionResult result;
        result.simulated = true;
        return result;
    };
    const auto service = makeEndorserService(f.endorser());
    const auto server = rpc::Server::start({}, {service.get()});
    VERIFY_OK(server);
    const auto stub = ::protos::Endorser::NewStub(
        std::shared_ptr<grpc::ChannelInterface>((*server)->inProcessChannel()));
    ::protos::SignedProposal request;
    QVERIFY(request.ParseFromString(ProposalMaker().bytes()));
    const auto response = rpc::call(*stub, &::protos::Endorser::Stub::ProcessProposal, request,
                                    deadlineIn(std::chrono::minutes(1)));
    VERIFY_OK(response);
    QVERIFY(response->has_endorsement());
    request.set_signature("bad");
    const auto refused = rpc::call(*stub, &::protos::Endorser::Stub::ProcessProposal, request,
                                   deadlineIn(std::chrono::minutes(1)));
    QCOMPARE(refused.status().code(), StatusCode::kUnknown);
    QVERIFY(messageOf(refused.status()).starts_with("error validating proposal: access denied"));
}

CHANCERY_TEST(EndorserServiceTest)
#include "EndorserServiceTest.moc"
