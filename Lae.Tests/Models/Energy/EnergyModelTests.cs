using System.Globalization;
using Lae.Kernels;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Numerics.Engines.Managed;
using Lae.Optimizers;
using Lae.Randomness;
using Xunit.Abstractions;

namespace Lae.Tests.Models;

/// <summary>The models with energy priors: CLAE against the LAE that it contains, objectives against differences, and what every model must keep.</summary>
public sealed class EnergyModelTests(ITestOutputHelper output)
{
    public static TheoryData<string> Models { get; } = ["CLAE", "CLAE, plain", "LEBM", "LEBM, unadjusted"];

    public static TheoryData<string> Pairs { get; } = ["distilled", "plain", "least norm"];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void With_the_energy_held_at_zero_it_is_the_langevin_autoencoder_bit_for_bit(string pair)
    {
        LangevinAutoencoderParts parts = pair switch
        {
            "plain" => EnergyCase.Autoencoder(new PlainAmortizedLangevin(), new LastLayerUpdate()) with { StepSize = new StepSizeAdaptation(1e-5) },
            "least norm" => EnergyCase.Autoencoder(new PreconditionedAmortizedLangevin(), new LeastNormUpdate()),
            _ => EnergyCase.Autoencoder(),
        };
        LangevinAutoencoder plain = new(parts, EnergyCase.Digits);
        ContrastiveLangevinAutoencoder held = EnergyCase.Contrastive(new EnergyCase.Frozen(), parts);
        ContrastiveLangevinAutoencoder moving = EnergyCase.Contrastive(new Adam(1e-2), parts);
        Tensor data = EnergyCase.Data(50);
        TensorTree expected = EnergyCase.Train(plain, plain.Initialize(RandomKey.FromSeed(3)), data, 4).Parameters;
        TensorTree reached = EnergyCase.Train(held, held.Initialize(RandomKey.FromSeed(3)), data, 4).Parameters;
        TensorTree other = EnergyCase.Train(moving, moving.Initialize(RandomKey.FromSeed(3)), data, 4).Parameters;
        Assert.All(expected, leaf => Assert.Equal(leaf.Value.ToArray(), reached[leaf.Key].ToArray()));
        Assert.NotEqual(expected["decoder.0.weight"].ToArray(), other["decoder.0.weight"].ToArray());
    }

    [Fact]
    public void Decay_of_weights_leaves_a_last_layer_that_the_chain_moves()
    {
        Tensor data = EnergyCase.Data(50);
        TensorTree[] trained = [.. ((double[])[0, 5]).Select(decay =>
        {
            LangevinAutoencoder model = new(EnergyCase.Autoencoder(new PlainAmortizedLangevin(), new LastLayerUpdate()) with { Optimizer = new Adam(2e-3, weightDecay: decay) }, EnergyCase.Digits);
            return EnergyCase.Train(model, model.Initialize(RandomKey.FromSeed(3)), data, 1).Parameters;
        })];
        Assert.Equal(trained[0]["encoder.lastLayer"].ToArray(), trained[1]["encoder.lastLayer"].ToArray());
        Assert.NotEqual(trained[0]["encoder.features.0.weight"].ToArray(), trained[1]["encoder.features.0.weight"].ToArray());
    }

    [Theory]
    [InlineData("regression")]
    [InlineData("drift")]
    [InlineData("last layer")]
    public void The_autoencoding_objective_with_an_energy_prior_has_its_gradient(string named)
    {
        GenerativePart generative = new(3, new DenseArchitecture([5], Activation.Silu), new GaussianLikelihood(), new DataDescription(4, null, 10), DType.Float64);
        INetwork features = new DenseArchitecture([12], Activation.Silu).Features(new RowForm(4));
        IEncoderUpdate update = named switch { "regression" => new RegressionUpdate(), "drift" => new DriftUpdate(), _ => new LastLayerUpdate() };
        ILatentKernel kernel = update is LastLayerUpdate ? new PlainAmortizedLangevin() : new DatapointLangevin();
        AmortizedInference inference = new(3, features, kernel, update, 2, new StepSizeAdaptation(1e-3), DType.Float64);
        LatentEnergy energy = EnergyCase.Energy(0.01, DType.Float64);
        EnergyPrior prior = energy.Prior(EnergyCase.Shaken(energy.Initialize(RandomKey.FromSeed(1)), 5));
        TensorTree parameters = EnergyCase.Shaken(inference.Initialize(RandomKey.FromSeed(2)).Prefixed("encoder").Join(generative.Initialize(RandomKey.FromSeed(3))), 6, 0.2);
        Tensor x = EnergyCase.Normals(7, 6, 4);
        TensorTree encoder = parameters.Under("encoder");
        AmortizedStep step = inference.Infer(
            RandomKey.FromSeed(4), generative.Density(parameters, prior, x), inference.Features(encoder, x), encoder[AmortizedInference.LastLayer], inference.InitializeAdaptation(), 1);
        EnergyCase.RequireGradient(Loss, parameters);
        Tensor Loss(TensorTree tree) => AmortizedInference.Loss(
            inference.Features(tree.Under("encoder"), x), tree[$"encoder.{AmortizedInference.LastLayer}"], step, z => -(prior.LogDensity(z) + generative.LogLikelihood(tree, x, z)).Mean());

        // the posterior that the chain runs on, in z
        EnergyCase.RequireGradient(tree => generative.Density(parameters, prior, x).LogDensity(tree["z"]).Sum(), TensorTree.Of(("z", EnergyCase.Normals(8, 6, 3))));
        Tensor z = EnergyCase.Normals(8, 6, 3);
        Assert.Equal(
            Differentiation.ValueAndGradient(generative.Density(parameters, prior, x).LogDensity, z).Gradient.ToArray(), generative.Density(parameters, prior, x).Evaluate(z).Gradient.ToArray());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void One_and_two_threads_train_to_the_same_bits(string name)
    {
        ILatentVariableModel model = Named(name);
        Tensor data = EnergyCase.Data(400);
        TrainingState start = model.Initialize(RandomKey.FromSeed(3));
        TrainingPlan plan = new(2, 200, 1);
        EnergyCase.Silent one = new();
        EnergyCase.Silent two = new();
        TrainingState first = TrainingLoop.Run(model, data, plan, RandomKey.FromSeed(5), start, one, new ManagedEngine(1));
        TrainingState second = TrainingLoop.Run(model, data, plan, RandomKey.FromSeed(5), start, two, new ManagedEngine(2));
        EnergyCase.RequireEqual(first.ToTree(), second.ToTree());
        Assert.Equal(one.Entries.Select(entry => entry.Figures), two.Entries.Select(entry => entry.Figures));
        Assert.Equal(
            model.Generate(RandomKey.FromSeed(6), first.Parameters, 50).ToArray(), model.Generate(RandomKey.FromSeed(6), second.Parameters, 50).ToArray());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_run_resumed_from_its_tree_equals_an_uninterrupted_one(string name)
    {
        ILatentVariableModel model = Named(name);
        Tensor data = EnergyCase.Data(100);
        RandomKey key = RandomKey.FromSeed(5);
        TrainingState start = model.Initialize(RandomKey.FromSeed(3));
        TrainingState whole = TrainingLoop.Run(model, data, new TrainingPlan(3, 50), key, start, new EnergyCase.Silent());
        TrainingState half = TrainingLoop.Run(model, data, new TrainingPlan(1, 50), key, start, new EnergyCase.Silent());
        TrainingState resumed = TrainingLoop.Run(
            model, data, new TrainingPlan(3, 50), key, TrainingState.FromTree(half.ToTree(), half.Step), new EnergyCase.Silent());
        EnergyCase.RequireEqual(whole.ToTree(), resumed.ToTree());
        if (name.StartsWith("CLAE", StringComparison.Ordinal))
        {
            Assert.Equal(start.Parameters["sampler.inputs"].ToArray(), whole.Parameters["sampler.inputs"].ToArray());
            Assert.NotEqual(half.Parameters["sampler.lastLayer"].ToArray(), whole.Parameters["sampler.lastLayer"].ToArray());
            Assert.Contains("adaptation.sampler.logStepSize", whole.ToTree().Names);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void What_is_not_finite_stops_the_training(string name)
    {
        ILatentVariableModel model = Named(name);
        TrainingState state = model.Initialize(RandomKey.FromSeed(3));
        Tensor data = EnergyCase.Data(20);
        Assert.Throws<NonFiniteStateException>(() => model.Train(RandomKey.FromSeed(1), data * double.NaN, state));
        TensorTree broken = state.Parameters.With("energy.weight", state.Parameters["energy.weight"] + double.NaN);
        Assert.Throws<NonFiniteStateException>(() => model.Train(RandomKey.FromSeed(1), data, state with { Parameters = broken }));
    }

    [Theory]
    [InlineData("CLAE")]
    [InlineData("LEBM")]
    public void A_short_training_learns_with_bounded_energies(string name)
    {
        ILatentVariableModel model = Named(name);
        Tensor data = EnergyCase.Data(1000);
        TrainingState start = model.Initialize(RandomKey.FromSeed(3));
        EnergyCase.Silent log = new();
        TrainingState end = TrainingLoop.Run(model, data, new TrainingPlan(8, 100, 10), RandomKey.FromSeed(5), start, log);
        RandomKey key = RandomKey.FromSeed(6);
        double before = model.Evaluate(key, start.Parameters, data)["reconstructionError"];
        double after = model.Evaluate(key, end.Parameters, data)["reconstructionError"];
        IReadOnlyDictionary<string, double> last = log.Entries[^1].Figures;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"error {before:F3} to {after:F3}; {string.Join(", ", last.Select(figure => $"{figure.Key} {figure.Value:G4}"))}"));
        Assert.True(after < 0.9 * before);
        Assert.All(log.Entries, entry => Assert.DoesNotContain(TrainingWarnings.Of(entry.Figures, log.Entries[0].Figures), warning => warning.Name == "EnergyDrift"));
        Assert.Equal(EnergyCase.LatentSize, last["activeLatents"]);
        Assert.DoesNotContain("negativeElboPerDimension", model.Evaluate(key, end.Parameters, data).Keys);
        Tensor generated = model.Generate(key, end.Parameters, 45);
        Assert.Equal(new Shape(45, 64), generated.Shape);
        Assert.True(generated.AllFinite());
        Assert.Equal(new Shape(2, 5, EnergyCase.LatentSize), model.SamplePosterior(key, end.Parameters, data.Slice(0, 0, 5), 2, 3).Shape);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.75)]
    public void The_prior_is_the_average_of_the_iterates_of_the_energy(double averaging)
    {
        // 0.75 and its complement are exact, so the recursion has one rounding for each of its two products
        ContrastiveLangevinAutoencoder model = EnergyCase.Contrastive(new Adam(1e-2), averaging: averaging);
        TrainingState state = model.Initialize(RandomKey.FromSeed(3));
        TensorTree average = state.Parameters.Under("energy");
        EnergyCase.RequireEqual(average, state.Optimizer.Under("energyIterate"));
        Tensor data = EnergyCase.Data(50);
        for (int step = 0; step < 4; step++)
        {
            state = EnergyCase.Train(model, state, data, 1);
            average = average.Zip(state.Optimizer.Under("energyIterate"), (old, next) => Elementwise.ScaleAdd(averaging, old, next * (1 - averaging)));
            EnergyCase.RequireEqual(average, state.Parameters.Under("energy"));
        }

        Assert.Equal(averaging == 0, state.Parameters["energy.weight"].ToArray().SequenceEqual(state.Optimizer["energyIterate.weight"].ToArray()));
        Assert.Throws<ArgumentOutOfRangeException>(() => EnergyCase.Contrastive(new Adam(1e-2), averaging: 1));
    }

    [Fact]
    public void An_energy_that_runs_away_is_warned_of()
    {
        ILatentVariableModel model = EnergyCase.Contrastive(new Adam(0.1), penalty: 0);
        EnergyCase.Silent log = new();
        TrainingLoop.Run(model, EnergyCase.Data(500), new TrainingPlan(8, 50, 10), RandomKey.FromSeed(5), model.Initialize(RandomKey.FromSeed(3)), log);
        output.WriteLine(string.Join("; ", log.Entries.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Figures["energyOfData"]:G3} {entry.Figures["energyOfSamples"]:G3}"))));
        Assert.Contains(log.Entries, entry => TrainingWarnings.Of(entry.Figures, log.Entries[0].Figures).Any(warning => warning.Name == "EnergyDrift"));
    }

    [Fact]
    public void Generation_starts_where_it_is_told_and_uses_every_sampler_output_alike()
    {
        ContrastiveLangevinAutoencoder model = EnergyCase.Contrastive(new Adam(1e-3), generation: new Generation(GenerationStart.Sampler, 0));
        TensorTree parameters = model.Initialize(RandomKey.FromSeed(3)).Parameters;
        Tensor all = model.Decode(parameters, EnergyCase.Sampler().Samples(parameters.Under("sampler")));
        float[][] known = [.. Rows(all)];
        float[][] made = [.. Rows(model.Generate(RandomKey.FromSeed(1), parameters, 40))];
        Assert.All(known, row => Assert.Equal(2, made.Count(other => other.AsSpan().SequenceEqual(row))));

        ContrastiveLangevinAutoencoder fromBase = EnergyCase.Contrastive(new Adam(1e-3), generation: new Generation(GenerationStart.Base, 0));
        float[][] other = [.. Rows(fromBase.Generate(RandomKey.FromSeed(1), parameters, 40))];
        Assert.All(known, row => Assert.DoesNotContain(other, candidate => candidate.AsSpan().SequenceEqual(row)));

        static IEnumerable<float[]> Rows(Tensor x) => Enumerable.Range(0, x.Shape[0]).Select(row => x.Slice(0, row, 1).ToArray().Select(value => (float)value).ToArray());
    }

    [Fact]
    public void Ascent_finds_the_modes_of_gaussian_posteriors_row_by_row()
    {
        ConjugateToy toy = new(12, 8, seed: 4);
        Tensor modes = PosteriorMode.Ascend(toy.Density, Tensor.Zeros(new Shape(12, 2), DType.Float64), 300);
        Assert.All(modes.ToArray().Zip(toy.Means.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-6));

        ILatentVariableModel model = EnergyCase.Latent(new Adam(1e-3));
        TensorTree parameters = EnergyCase.Train(model, model.Initialize(RandomKey.FromSeed(3)), EnergyCase.Data(50), 3).Parameters;
        Tensor together = model.Encode(parameters, EnergyCase.Data(9));
        Assert.Equal(together.Slice(0, 4, 1).ToArray(), model.Encode(parameters, EnergyCase.Data(9).Slice(0, 4, 1)).ToArray());
        Tensor zero = Tensor.Zeros(together.Shape, DType.Float32);
        LatentDensity density = model.Density(parameters, EnergyCase.Data(9));
        Assert.All(
            density.LogDensity(together).ToArray().Zip(density.LogDensity(zero).ToArray()), pair => Assert.True(pair.First > pair.Second));
    }

    private static ILatentVariableModel Named(string name) => name switch
    {
        "CLAE" => EnergyCase.Contrastive(new Adam(1e-3)),
        "CLAE, plain" => EnergyCase.Contrastive(
            new Adam(1e-3), EnergyCase.Autoencoder(new PlainAmortizedLangevin(), new LastLayerUpdate()) with { StepSize = new StepSizeAdaptation(1e-5) }),
        "LEBM" => EnergyCase.Latent(new Adam(1e-3)),
        _ => EnergyCase.Latent(new Adam(1e-3), metropolis: false),
    };
}
