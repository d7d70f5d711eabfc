using Lae.Kernels;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>The models whose latents are drawn by a chain for each datapoint: which chain, from where, and the gradient that it gives.</summary>
public sealed class LatentChainModelTests
{
    private const int Columns = 5;
    private const int Latents = 2;
    private const int Rows = 6;
    private const double StepSize = 0.07;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_127);
    private static readonly DataDescription Data = new(Columns, null, Rows);
    private static readonly DenseArchitecture Features = new([4], Activation.Tanh);
    private static readonly Tensor X = Normals(Key.FoldIn(100), Rows, Columns);

    [Fact]
    public void The_gradient_of_alternating_back_propagation_is_that_of_the_energy_at_the_end_of_the_chains()
    {
        AlternatingBackPropagation model = new(Parts(), 1, Data);
        TrainingState state = model.Initialize(Key);
        TrainingTransition next = model.Train(Key.FoldIn(1), X, state);
        Tensor z = Run(model, state.Parameters, state.Datapoints["latents"], Key.FoldIn(1)).Latents[^1];

        // the state keeps the ends of those very chains
        Assert.Equal(z.ToArray(), next.State.Datapoints["latents"].ToArray());
        RequireGradient(state.Parameters, next.State.Parameters, parameters => Energy(model, parameters, z));
        Assert.Equal(Energy(model, state.Parameters, z), next.Info["loss"], 1e-12);
        Assert.Equal(next.Info["loss"], next.Info["energy"], 1e-12);
    }

    [Fact]
    public void The_gradient_of_the_short_run_is_that_of_the_energy_at_the_end_of_chains_from_the_prior()
    {
        ShortRunAutoencoder model = new(Parts(), Data);
        TrainingState state = model.Initialize(Key);
        TrainingTransition next = model.Train(Key.FoldIn(1), X, state);
        Tensor start = new StandardNormalPrior().Sample(Key.FoldIn(1).FoldIn(0), Rows, Latents, DType.Float64);
        Tensor z = Run(model, state.Parameters, start, Key.FoldIn(1).FoldIn(1)).Latents[^1];
        RequireGradient(Generative(state.Parameters), Generative(next.State.Parameters), parameters => Energy(model, parameters, z));
        Assert.Equal(Energy(model, state.Parameters, z), next.Info["loss"], 1e-12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gradient_of_Hoffmans_autoencoder_is_that_of_the_energy_for_the_decoder_and_of_the_bound_for_the_encoder(bool flow)
    {
        IPosteriorFamily family = flow ? PlanarFlow.Family(2) : new DiagonalGaussian();
        HoffmanAutoencoder model = new(Features, family, Parts(), Data);
        TrainingState state = Jittered(model.Initialize(Key));
        TrainingTransition next = model.Train(Key.FoldIn(1), X, state);
        Tensor start = Drawn(state.Parameters).Latents;
        Tensor z = Run(model, state.Parameters, start, Key.FoldIn(1).FoldIn(1)).Latents[^1];
        RequireGradient(state.Parameters, next.State.Parameters, Loss);
        Assert.Equal(Loss(state.Parameters), next.Info["loss"], 1e-12);

        PosteriorDraws Drawn(TensorTree parameters) => Encoder(family).Posterior(parameters.Under("encoder"), X).Sample(Key.FoldIn(1).FoldIn(0), 1);

        double Loss(TensorTree parameters)
        {
            PosteriorDraws drawn = Drawn(parameters);
            Tensor joint = model.Density(state.Parameters, X).LogDensity(drawn.Latents);

            // the closed divergence of the Gaussian has another value than the draws' estimate of it
            Tensor prior = new StandardNormalPrior().LogDensity(drawn.Latents);
            Tensor divergence = Encoder(family).Posterior(parameters.Under("encoder"), X).Divergence ?? (drawn.LogDensity - prior);
            return Energy(model, parameters, z) + (divergence + prior - joint).Mean().ToDouble();
        }
    }

    [Fact]
    public void The_approximate_posterior_of_Hoffmans_autoencoder_is_its_encoder()
    {
        HoffmanAutoencoder model = new(Features, new DiagonalGaussian(), Parts(), Data);
        TensorTree parameters = Jittered(model.Initialize(Key)).Parameters;
        PosteriorDraws draws = model.ApproximatePosterior(parameters, X).Sample(Key, 3);
        IAmortizedPosterior expected = Encoder(new DiagonalGaussian()).Posterior(parameters.Under("encoder"), X);
        Assert.Equal(expected.Sample(Key, 3).Latents.ToArray(), draws.Latents.ToArray());
        Assert.Equal(expected.Sample(Key, 3).LogDensity.ToArray(), draws.LogDensity.ToArray());
        Assert.Equal(expected.Location.ToArray(), model.Encode(parameters, X).ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_figures_of_a_step_are_named(bool metropolis)
    {
        string[] expected = metropolis ? ["acceptanceProbability", "energy", "likelihoodScale", "loss", "stepSize"] : ["energy", "likelihoodScale", "loss", "stepSize"];
        foreach (ILatentVariableModel model in Models(metropolis))
        {
            TrainingState state = model.Initialize(Key);
            IReadOnlyDictionary<string, double> figures = model.Train(Key, X, state).Info;
            IReadOnlyDictionary<string, double> diagnosis = model.Diagnose(X, state);
            Assert.Equal(expected, figures.Keys.Order(StringComparer.Ordinal));
            Assert.InRange(diagnosis["activeLatents"], 0, Latents);
            Assert.Equal(Latents, diagnosis["latentSize"]);
            Assert.Equal(Rows, diagnosis["batchSize"]);
            Assert.Equal(StepSize, figures["stepSize"], 1e-15);
        }
    }

    [Fact]
    public void A_latent_that_the_decoder_ignores_is_not_active()
    {
        ShortRunAutoencoder model = new(Parts(), Data);
        TrainingState state = model.Initialize(Key);
        Assert.Equal(2, model.Diagnose(5 * X, state)["activeLatents"]);
        Tensor weight = state.Parameters["decoder.0.weight"] * Tensor.FromArray([1.0, 0]);
        Assert.Equal(1, model.Diagnose(5 * X, state with { Parameters = state.Parameters.With("decoder.0.weight", weight) })["activeLatents"]);
    }

    [Fact]
    public void Encodings_are_functions_of_the_observations()
    {
        foreach (ILatentVariableModel model in Models(metropolis: true))
        {
            TensorTree parameters = model.Initialize(Key).Parameters;
            Tensor z = model.Encode(parameters, X);
            Assert.Equal(new Shape(Rows, Latents), z.Shape);
            Assert.Equal(z.ToArray(), model.Encode(parameters, X).ToArray());
        }
    }

    [Fact]
    public void Observations_that_are_not_a_number_or_of_another_shape_are_refused()
    {
        Tensor spoiled = X + Tensor.FromArray([0.0, 0, double.NaN, 0, 0]);
        foreach (ILatentVariableModel model in Models(metropolis: true))
        {
            TrainingState state = model.Initialize(Key);
            Assert.Throws<NonFiniteStateException>(() => model.Train(Key, spoiled, state));
            string message = Assert.Throws<ArgumentException>(() => model.Train(Key, X.Slice(1, 0, 4), state)).Message;
            Assert.Contains("[n, 5]", message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => model.Encode(state.Parameters, X.Cast(DType.Float32)));
        }
    }

    [Fact]
    public void A_batch_moves_the_chains_of_its_own_rows_alone()
    {
        ILatentVariableModel model = new AlternatingBackPropagation(Parts(), 1, Data);
        TrainingState state = model.Initialize(Key);
        int[] rows = [4, 1];
        Tensor before = state.Datapoints["latents"];
        Tensor after = model.Train(Key.FoldIn(1), new TrainingBatch(X.GatherRows(rows), rows), state).State.Datapoints["latents"];
        Assert.Equal(before.GatherRows([0, 2, 3, 5]).ToArray(), after.GatherRows([0, 2, 3, 5]).ToArray());
        LatentRun run = LatentRun.Of(
            new DatapointLangevin(), LatentCoordinates.Datapoints(model.Density(state.Parameters, X.GatherRows(rows)), before.GatherRows(rows)), StepSize, 3, Key.FoldIn(1));
        Assert.Equal(run.Latents[^1].ToArray(), after.GatherRows(rows).ToArray());
    }

    [Fact]
    public void A_batch_whose_rows_are_unknown_is_refused()
    {
        ILatentVariableModel model = new AlternatingBackPropagation(Parts(), 1, Data);
        TrainingState state = model.Initialize(Key);
        Assert.Contains("row numbers", Assert.Throws<ArgumentException>(() => model.Train(Key, X.Slice(0, 0, 3), state)).Message, StringComparison.Ordinal);
        Assert.Contains("row 6", Assert.Throws<ArgumentException>(() => model.Train(Key, new TrainingBatch(X.Slice(0, 0, 1), [6]), state)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new TrainingBatch(X, [0, 1]));
        Assert.Throws<ArgumentException>(() => new TrainingBatch(X.Slice(0, 0, 2), [1, 1]));
        Assert.Throws<ArgumentException>(() => new TrainingBatch(X.Slice(0, 0, 1), [-1]));
    }

    [Fact]
    public void They_simulate_about_what_they_decode_and_sample_posteriors_of_pooled_observations()
    {
        foreach (ILatentVariableModel model in Models(metropolis: true))
        {
            TensorTree parameters = model.Initialize(Key).Parameters;
            Tensor z = Tensor.FromArray([0.3, -1.1], 1, 2).BroadcastTo(new Shape(20_000, 2));
            double deviation = 1 / Math.Sqrt(parameters["likelihood.tau"].Softplus().ToDouble());
            double[] mean = model.Simulate(Key, parameters, z)!.Mean(0).ToArray();
            Assert.All(model.Decode(parameters, z.Slice(0, 0, 1)).ToArray().Zip(mean), pair => Assert.Equal(pair.First, pair.Second, 5 * deviation / Math.Sqrt(20_000)));

            Workspace pooled = Workspace.Pooled();
            Tensor draws = model.SamplePosterior(Key, parameters.Map(leaf => leaf.CopyTo(pooled)), X.CopyTo(pooled), 2, 3);
            Assert.Equal(model.SamplePosterior(Key, parameters, X, 2, 3).ToArray(), draws.ToArray());
        }
    }

    private static IEnumerable<ILatentVariableModel> Models(bool metropolis) =>
    [
        new HoffmanAutoencoder(new LinearArchitecture(), new DiagonalGaussian(), Parts(metropolis), Data),
        new AlternatingBackPropagation(Parts(metropolis), 1, Data),
        new ShortRunAutoencoder(Parts(metropolis), Data),
    ];

    /// <summary>A step of gradient descent of length 1 is the gradient.</summary>
    private static LatentChainParts Parts(bool metropolis = true) => new(
        Latents, new LinearArchitecture(), new GaussianLikelihood(), metropolis, 3, new StepSizeAdaptation(StepSize), new GradientDescent(1), new GradientDescent(1), DType.Float64);

    private static PosteriorEncoder Encoder(IPosteriorFamily family) => new(Features, family, Latents, Data, DType.Float64);

    private static LatentRun Run(ILatentVariableModel model, TensorTree parameters, Tensor start, RandomKey key) =>
        LatentRun.Of(new DatapointLangevin(), LatentCoordinates.Datapoints(model.Density(parameters, X), start), StepSize, 3, key);

    private static double Energy(ILatentVariableModel model, TensorTree parameters, Tensor z) => -model.Density(parameters, X).LogDensity(z).Mean().ToDouble();

    private static TensorTree Generative(TensorTree parameters) => parameters.Under("decoder").Prefixed("decoder").Join(parameters.Under("likelihood").Prefixed("likelihood"));

    private static TrainingState Jittered(TrainingState state)
    {
        ulong at = 0;
        return state with { Parameters = state.Parameters.Map(leaf => leaf + (0.1 * Normals(Key.FoldIn(200 + at++), 1, leaf.Count).Reshape(leaf.Shape))) };
    }

    private static void RequireGradient(TensorTree before, TensorTree after, Func<TensorTree, double> loss)
    {
        const double Width = 1e-5;
        Assert.Equal(before.Names.Order(StringComparer.Ordinal), after.Names.Order(StringComparer.Ordinal));
        foreach ((string name, Tensor leaf) in before)
        {
            double[] gradient = (leaf - after[name]).ToArray();
            for (int i = 0; i < leaf.Count; i++)
            {
                double difference = (loss(before.With(name, Shifted(leaf, i, Width))) - loss(before.With(name, Shifted(leaf, i, -Width)))) / (2 * Width);
                Assert.Equal(difference, gradient[i], 1e-7);
            }
        }
    }

    private static Tensor Shifted(Tensor leaf, int at, double by)
    {
        double[] values = leaf.ToArray();
        values[at] += by;
        return Tensor.FromSpan<double>(Workspace.Default, values, leaf.Shape);
    }

    private static Tensor Normals(RandomKey key, int rows, int columns)
    {
        double[] values = new double[rows * columns];
        RowDraws.Normal(key, 0, 0, rows, columns, values);
        return Tensor.FromArray(values, rows, columns);
    }
}
