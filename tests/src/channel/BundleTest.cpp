#include "src/channel/Bundle.h"

#include "tests/src/channel/ConfigFiles.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::channel;
using namespace chancery::test;

class BundleTest : public QObject {
    Q_OBJECT
private slots:
    void loadsTheGenesisBlocks();
};

void BundleTest::loadsTheGenesisBlocks() {
    for (const char* name : {"tradechannel", "cfglab"}) {
        const auto envelope = configEnvelopeOf(
            vectorMessage<::common::Block>(std::string("config/genesis_") + name + ".block"));
        const auto bundle = Bundle::fromConfig(ChannelId(name), envelope.config());
        VERIFY_OK(bundle);
    }
}

CHANCERY_TEST(BundleTest)
#include "BundleTest.moc"
