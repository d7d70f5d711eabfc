using Lae.Composition;
using Lae.Datasets;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>Each model in the training loop on the embedded digits: the same bits for one and two threads and after a checkpoint, and learning that is seen.</summary>
public sealed class LatentChainTrainingTests
{
    private const int Rows = 400;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_130);
    private static readonly Tensor Digits = Tensor.FromArray(Digits8x8.Load().ToUnit()[..(Rows * 64)], Rows, 64);
    private static readonly DataDescription Data = new(64, 17, Rows);

    public static TheoryData<string> Names { get; } = ["Hoffman", "AlternatingBackPropagation", "ShortRun", "ProbabilisticPca", "FactorAnalysis"];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_bits_are_the_same_for_two_threads_and_after_a_checkpoint(string name)
    {
        ILatentVariableModel model = Named(name);
        TrainingState start = model.Initialize(Key);
        TrainingState whole = TrainingLoop.Run(model, Digits, Plan(3), Key, start, new Silent(), new ManagedEngine(1));
        RequireSame(whole, TrainingLoop.Run(model, Digits, Plan(3), Key, start, new Silent(), new ManagedEngine(2)));

        TrainingState part = TrainingLoop.Run(model, Digits, Plan(1), Key, start, new Silent(), new ManagedEngine(2));
        TrainingState restored = TrainingState.FromTree(part.ToTree(), part.Step);
        RequireSame(whole, TrainingLoop.Run(model, Digits, Plan(3), Key, restored, new Silent(), new ManagedEngine(1)));
    }

    [Fact]
    public void The_chains_of_alternating_back_propagation_are_in_the_checkpoint()
    {
        ILatentVariableModel model = Named("AlternatingBackPropagation");
        TrainingState start = model.Initialize(Key);
        Assert.Equal(new Shape(Rows, 4), start.ToTree()["datapoints.latents"].Shape);

        // a checkpoint that forgot them would go on to another end
        TrainingState part = TrainingLoop.Run(model, Digits, Plan(1), Key, start, new Silent());
        TrainingState forgetful = part with { Datapoints = start.Datapoints };
        double[] right = TrainingLoop.Run(model, Digits, Plan(2), Key, part, new Silent()).Parameters.Leaves[0].ToArray();
        double[] wrong = TrainingLoop.Run(model, Digits, Plan(2), Key, forgetful, new Silent()).Parameters.Leaves[0].ToArray();
        Assert.NotEqual(right, wrong);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Digits_are_learned(string name)
    {
        ILatentVariableModel model = Named(name);
        TrainingState start = model.Initialize(Key);
        Silent log = new();
        TrainingState end = TrainingLoop.Run(model, Digits, Plan(20), Key, start, log);
        IReadOnlyDictionary<string, double> before = model.Evaluate(Key, start.Parameters, Digits);
        IReadOnlyDictionary<string, double> after = model.Evaluate(Key, end.Parameters, Digits);
        Assert.True(after["reconstructionError"] < 0.8 * before["reconstructionError"]);
        Assert.True(log.Entries[^1].Figures["loss"] < log.Entries[0].Figures["loss"]);
        Assert.InRange(log.Entries[^1].Figures["activeLatents"], 1, 4);
        Assert.Equal(new Shape(5, 64), model.Generate(Key, end.Parameters, 5).Shape);
        Assert.Equal(new Shape(2, 5, 4), model.SamplePosterior(Key, end.Parameters, Digits.Slice(0, 0, 5), 2, 3).Shape);
    }

    private static TrainingPlan Plan(int epochs) => new(epochs, 100, logEvery: 4);

    private static ILatentVariableModel Named(string name) => name switch
    {
        "Hoffman" => new HoffmanOptions { LatentSize = 4, Encoder = Dense(), Decoder = Dense() }.Create(Data),
        "AlternatingBackPropagation" => new AlternatingBackPropagationOptions { LatentSize = 4, Decoder = Dense() }.Create(Data),
        "ShortRun" => new ShortRunOptions { LatentSize = 4, Transitions = 8, Decoder = Dense() }.Create(Data),
        _ => new LinearGaussianModel(4, name == "ProbabilisticPca", Data),
    };

    private static DenseArchitecture Dense() => new([64]);

    private static void RequireSame(TrainingState expected, TrainingState actual)
    {
        Assert.Equal(expected.Step, actual.Step);
        TensorTree tree = actual.ToTree();
        Assert.Equal(expected.ToTree().Names, tree.Names);
        Assert.All(expected.ToTree(), pair => Assert.Equal(pair.Value.ToArray(), tree[pair.Key].ToArray()));
    }

    private sealed class Silent : ITrainingObserver
    {
        public List<TrainingLogEntry> Entries { get; } = [];

        public void Stepped(long done, long total)
        {
        }

        public void Logged(TrainingLogEntry entry) => Entries.Add(entry);

        public void EpochEnded(int epoch, TrainingProgress progress)
        {
        }
    }
}
