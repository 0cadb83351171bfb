#include "src/verify/Validator.h"

#include "src/protocol/Lifecycle.h"
#include "tests/src/verify/Ledger.h"
#include "tests/src/verify/TestChain.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;
using protocol::ValidationCode;
using protocol::Version;

/// Blocks made for the purpose, behind the golden ledger.
class ValidatorTest : public QObject {
    Q_OBJECT

private:
    static verify::BlockVerdict judge(std::vector<Bytes> envelopes) {
        const verify::ChainState& chain = after277();
        verify::Validator validator(chain.bundle, chain.state);
        const auto block = BlockMaker(chain).next(std::move(envelopes));
        const auto prepared = verify::Validator::prepare(block.block, chain.bundle);
        auto verdict = validator.validate(prepared);
        if (!verdict.ok()) throw std::runtime_error(verdict.status().ToString());
        return *std::move(verdict);
    }
    static std::string codesOf(const verify::BlockVerdict& verdict) {
        std::string text;
        for (const auto& tx : verdict.transactions) text += nameOf(tx.code) + " ";
        return text;
    }
    static std::string hazardsOf(const verify::BlockVerdict& verdict) {
        std::string text;
        for (const auto& hazard : verdict.hazards) text += hazard.reason + " ";
        return text;
    }
    static Bytes endorsedBy(std::vector<std::string> endorsers, const SetMaker& set) {
        TransactionMaker maker;
        maker.endorsers = std::move(endorsers);
        maker.results = set.bytes();
        return maker.envelope();
    }

private slots:
    void ordinaryTransactionsAreValid() {
        const auto verdict = judge({transactionWith(SetMaker().write("assets", "a", "1")),
                                    transactionWith(SetMaker().write("assets", "b", "2"))});
        QCOMPARE(codesOf(verdict), std::string("VALID VALID "));
        QCOMPARE(hazardsOf(verdict), std::string());
        const auto* a = verdict.updates.findPublic("assets", "a");
        QVERIFY(a != nullptr);
        QCOMPARE(a->value, Bytes("1"));
        QVERIFY((a->version == Version{278, 0}));
    }

    void aReadOfAKeyThatTheBlockWrites() {
        const auto verdict =
            judge({transactionWith(SetMaker().write("assets", "k", "1")),
                   transactionWith(
                       SetMaker().read("assets", "k", std::nullopt).write("assets", "l", "1"))});
        QCOMPARE(codesOf(verdict), std::string("VALID MVCC_READ_CONFLICT "));
        const auto& cause = *verdict.transactions[1].cause;
        QCOMPARE(cause.reason, std::string("KEY_CHANGED_IN_BLOCK"));
        QVERIFY(cause.conflict && cause.conflict->writer);
        QCOMPARE(cause.conflict->key, std::string("k"));
        QVERIFY(!cause.conflict->read);
        QVERIFY((cause.conflict->writer->place == Version{278, 0}));
        QCOMPARE(cause.conflict->writer->txId.str().size(), std::size_t{64});
        QVERIFY2(cause.sentence.find("block 278") != std::string::npos, cause.sentence.c_str());
    }

    void aReadOfAnOldVersionNamesWhoWroteTheKey() {
        // "pub:pub1" of vault was last written by transaction 0 of block 76.
        SetMaker set;
        set.read("vault", "pub:pub1", Version{70, 0});
        TransactionMaker maker;
        maker.contract = "vault";
        maker.results = set.bytes();
        const auto verdict = judge({maker.envelope()});
        QCOMPARE(codesOf(verdict), std::string("MVCC_READ_CONFLICT "));
        const auto& conflict = *verdict.transactions[0].cause->conflict;
        QVERIFY((conflict.current == Version{76, 0}));
        QVERIFY((conflict.writer->place == Version{76, 0}));
        QCOMPARE(conflict.writer->txId, after277().state.transactionAt({76, 0}));
        QVERIFY(!conflict.writer->txId.empty());
    }

    void aMissingEndorsementIsNamed() {
        const auto verdict = judge({endorsedBy({"alpha"}, SetMaker().write("assets", "k", "1"))});
        QCOMPARE(codesOf(verdict), std::string("ENDORSEMENT_POLICY_FAILURE "));
        const auto& cause = *verdict.transactions[0].cause;
        QCOMPARE(cause.reason, std::string("POLICY_NOT_SATISFIED"));
        QCOMPARE(cause.policy->subject, std::string("contract assets"));
        QCOMPARE(cause.policy->explanation.have, std::size_t{1});
        QCOMPARE(cause.policy->explanation.needed, std::size_t{2});
        QVERIFY2(cause.sentence.find("a peer of BetaMSP") != std::string::npos,
                 cause.sentence.c_str());
    }

    void writesOfAnotherContractNeedItsPolicyToo() {
        // "journal" takes any one of three, "assets" both.
        SetMaker set;
        set.write("journal", "k", "1").write("assets", "k", "1");
        TransactionMaker maker;
        maker.contract = "journal";
        maker.version = "7";
        maker.results = set.bytes();
        maker.endorsers = {"alpha"};
        const auto verdict = judge({maker.envelope()});
        QCOMPARE(codesOf(verdict), std::string("ENDORSEMENT_POLICY_FAILURE "));
        QCOMPARE(verdict.transactions[0].cause->policy->subject, std::string("contract assets"));
        maker.endorsers = {"alpha", "beta"};
        QCOMPARE(codesOf(judge({maker.envelope()})), std::string("VALID "));
    }

    void aPolicyThatNamesNoPolicyRefusesEverybody() {
        // The second definition of "starter" refers to "Endorsement", which is no path.
        TransactionMaker maker;
        maker.contract = "starter";
        maker.version = "1";
        maker.endorsers = {"alpha", "beta", "gamma"};
        maker.results = SetMaker().write("starter", "k", "1").bytes();
        const auto verdict = judge({maker.envelope()});
        QCOMPARE(codesOf(verdict), std::string("ENDORSEMENT_POLICY_FAILURE "));
    }

    void systemContractsCannotBeCalledInTransactions() {
        TransactionMaker maker;
        maker.contract = "qscc";
        maker.version = "syscc";
        const auto verdict = judge({maker.envelope()});
        QCOMPARE(codesOf(verdict), std::string("INVALID_CHAINCODE "));
        QCOMPARE(verdict.transactions[0].cause->reason, std::string("NO_DEFINITION"));
    }

    void aKeyPolicyBindsAtOnce() {
        // Whoever sets a key's policy makes later writes of it in the block fail …
        const Bytes policy = policyOf("OR('AlphaMSP.peer')");
        const auto verdict = judge(
            {transactionWith(SetMaker().write("assets", "k", "1").metadata("assets", "k", policy)),
             transactionWith(SetMaker().write("assets", "k", "2")),
             transactionWith(SetMaker().write("assets", "other", "2"))});
        QCOMPARE(codesOf(verdict), std::string("VALID ENDORSEMENT_POLICY_FAILURE VALID "));
        QCOMPARE(verdict.transactions[1].cause->reason, std::string("KEY_POLICY_CHANGED"));
        QCOMPARE(hazardsOf(verdict), std::string());
        // … unless it fails itself.
        const auto refused =
            judge({endorsedBy({"alpha"},
                              SetMaker().write("assets", "k", "1").metadata("assets", "k", policy)),
                   transactionWith(SetMaker().write("assets", "k", "2"))});
        QCOMPARE(codesOf(refused), std::string("ENDORSEMENT_POLICY_FAILURE VALID "));
        QCOMPARE(hazardsOf(refused), std::string());
    }

    void peersWaitForOnesThatAreRefusedBefore() {
        const Bytes policy = policyOf("OR('AlphaMSP.peer')");
        TransactionMaker first;
        first.breakCreatorSignature = true;
        first.results =
            SetMaker().write("assets", "k", "1").metadata("assets", "k", policy).bytes();
        const auto verdict =
            judge({first.envelope(), transactionWith(SetMaker().write("assets", "k", "2"))});
        QCOMPARE(codesOf(verdict), std::string("BAD_CREATOR_SIGNATURE VALID "));
        QCOMPARE(hazardsOf(verdict), std::string("WAITS_FOR_UNCHECKED "));
    }

    void peersCrashAtATransactionWithoutAction() {
        TransactionMaker first;
        first.withoutActions = true;
        const auto verdict =
            judge({first.envelope(), transactionWith(SetMaker().write("assets", "k", "2"))});
        QCOMPARE(codesOf(verdict), std::string("INVALID_ENDORSER_TRANSACTION VALID "));
        QCOMPARE(hazardsOf(verdict), std::string("NO_FIRST_ACTION "));
        // The other way round nobody looks at it.
        const auto behind =
            judge({transactionWith(SetMaker().write("assets", "k", "2")), first.envelope()});
        QCOMPARE(hazardsOf(behind), std::string());
    }

    void peersCrashAtMetadataOfADeletedKey() {
        const auto verdict =
            judge({transactionWith(SetMaker().remove("assets", "pub:row000")),
                   transactionWith(SetMaker().metadata("assets", "pub:row000", "x"))});
        QCOMPARE(hazardsOf(verdict), std::string("METADATA_OF_DELETED_KEY "));
    }

    void peersStopAtAKeyPolicyThatIsNone() {
        verify::ChainState chain = after277();
        auto found = chain.state.get("assets", "pub:row000");
        VERIFY_OK(found);
        verify::StateValue value = **found;
        const auto broken = SetMaker().metadata("assets", "x", "\xff\xff").set();
        value.metadata = verify::encodeMetadata(broken.namespaces[0].metadataWrites[0].entries);
        chain.state.put("assets", "pub:row000", value);
        verify::Validator validator(chain.bundle, chain.state);
        const auto block = BlockMaker(chain).next(
            {transactionWith(SetMaker().write("assets", "pub:row000", "2"))});
        const auto verdict =
            validator.validate(verify::Validator::prepare(block.block, chain.bundle));
        VERIFY_OK(verdict);
        QCOMPARE(hazardsOf(*verdict), std::string("BAD_KEY_POLICY "));
    }

    void peersStopAtADefinitionThatIsNone() {
        verify::ChainState chain = after277();
        chain.state.put("_lifecycle", "namespaces/fields/assets/ValidationInfo",
                        {"\xff\xff", "", {1, 0}});
        verify::Validator validator(chain.bundle, chain.state);
        const auto block =
            BlockMaker(chain).next({transactionWith(SetMaker().write("assets", "k", "2"))});
        const auto verdict =
            validator.validate(verify::Validator::prepare(block.block, chain.bundle));
        VERIFY_OK(verdict);
        QCOMPARE(codesOf(*verdict), std::string("INVALID_CHAINCODE "));
        QCOMPARE(hazardsOf(*verdict), std::string("BAD_DEFINITION "));
    }

    void aPluginOfTheUsersOwnIsNotJudged() {
        verify::ChainState chain = after277();
        auto definition = protocol::readDefinition("assets", [&](std::string_view key) {
            auto found = chain.state.get("_lifecycle", key);
            return found.ok() && *found ? std::optional((*found)->value) : std::nullopt;
        });
        VERIFY_OK(definition);
        (*definition)->validationPlugin = "ours";
        for (const auto& entry : protocol::encodeDefinition("assets", **definition))
            chain.state.put("_lifecycle", entry.key, {entry.value, "", {1, 0}});
        verify::Validator validator(chain.bundle, chain.state);
        const auto block =
            BlockMaker(chain).next({endorsedBy({}, SetMaker().write("assets", "k", "2")),
                                    endorsedBy({}, SetMaker().read("assets", "k", Version{1, 1})),
                                    endorsedBy({}, SetMaker().write("assets", "l", "2"))});
        const std::vector<ValidationCode> recorded{ValidationCode::Valid,
                                                   ValidationCode::MvccReadConflict,
                                                   ValidationCode::EndorsementPolicyFailure};
        const auto verdict =
            validator.validate(verify::Validator::prepare(block.block, chain.bundle), recorded);
        VERIFY_OK(verdict);
        QCOMPARE(codesOf(*verdict),
                 std::string("VALID MVCC_READ_CONFLICT ENDORSEMENT_POLICY_FAILURE "));
        QCOMPARE(hazardsOf(*verdict), std::string());
        // Where nobody has judged yet, nothing passes unchecked; real peers stop.
        const auto first =
            validator.validate(verify::Validator::prepare(block.block, chain.bundle));
        VERIFY_OK(first);
        QCOMPARE(codesOf(*first),
                 std::string("ENDORSEMENT_POLICY_FAILURE ENDORSEMENT_POLICY_FAILURE "
                             "ENDORSEMENT_POLICY_FAILURE "));
        QCOMPARE(hazardsOf(*first), std::string("UNKNOWN_PLUGIN UNKNOWN_PLUGIN UNKNOWN_PLUGIN "));
        for (const auto& tx : verdict->transactions) QVERIFY(!tx.computed);
    }

    void equalIdsInOneBlock() {
        TransactionMaker maker;
        maker.nonce = "the same";
        maker.results = SetMaker().write("assets", "k", "1").bytes();
        TransactionMaker refused = maker;
        refused.endorsers = {"alpha"};
        // The first *valid* one counts.
        const auto verdict = judge({refused.envelope(), maker.envelope(), maker.envelope()});
        QCOMPARE(codesOf(verdict), std::string("ENDORSEMENT_POLICY_FAILURE VALID DUPLICATE_TXID "));
        QVERIFY((verdict.transactions[2].cause->original->place == Version{278, 1}));
    }

    void privateWritesNeedTheCollectionsPolicy() {
        const auto vault = [](std::vector<std::string> endorsers, const SetMaker& set) {
            TransactionMaker maker;
            maker.contract = "vault";
            maker.endorsers = std::move(endorsers);
            maker.results = set.bytes();
            return maker.envelope();
        };
        // "onlyA" has a policy of its own, "sharedAB" the contract's, implicit ones their
        // organisation's.
        const auto verdict = judge(
            {vault({"alpha"}, SetMaker().hashedWrite("vault", "onlyA", "k", "1")),
             vault({"beta"}, SetMaker().hashedWrite("vault", "onlyA", "k", "1")),
             vault({"alpha"}, SetMaker().hashedWrite("vault", "sharedAB", "k", "1")),
             vault({"gamma"}, SetMaker().hashedWrite("vault", "_implicit_org_GammaMSP", "k", "1")),
             vault({"gamma"},
                   SetMaker().hashedWrite("vault", "_implicit_org_NobodyMSP", "k", "1"))});
        QCOMPARE(codesOf(verdict),
                 std::string("VALID ENDORSEMENT_POLICY_FAILURE ENDORSEMENT_POLICY_FAILURE VALID "
                             "ENDORSEMENT_POLICY_FAILURE "));
        QCOMPARE(hazardsOf(verdict), std::string());
    }

    void unknownCollectionsHaveNoPolicy() {
        const auto vault = [](const SetMaker& set) {
            TransactionMaker maker;
            maker.contract = "vault";
            maker.endorsers = {"alpha", "beta"};
            maker.results = set.bytes();
            return maker.envelope();
        };
        const auto verdict = judge({vault(SetMaker().hashedWrite("vault", "nosuch", "k", "1")),
                                    vault(SetMaker().hashedWrite("vault", "sharedAB", "k", "1"))});
        QCOMPARE(codesOf(verdict), std::string("ENDORSEMENT_POLICY_FAILURE VALID "));
        QCOMPARE(verdict.transactions[0].cause->reason, std::string("UNKNOWN_COLLECTION"));
        QCOMPARE(hazardsOf(verdict), std::string("UNKNOWN_COLLECTION "));
    }

    void unknownCollectionsStopPeersWhateverTheVerdict() {
        TransactionMaker maker;
        maker.contract = "vault";
        maker.breakCreatorSignature = true;
        maker.results = SetMaker().hashedWrite("vault", "nosuch", "k", "1").bytes();
        const auto verdict = judge({maker.envelope()});
        QCOMPARE(codesOf(verdict), std::string("BAD_CREATOR_SIGNATURE "));
        QCOMPARE(hazardsOf(verdict), std::string("UNKNOWN_COLLECTION "));
    }
};

CHANCERY_TEST(ValidatorTest)
#include "ValidatorTest.moc"
