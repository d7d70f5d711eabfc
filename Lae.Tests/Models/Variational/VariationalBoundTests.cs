using Lae.Kernels;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>
/// The bounds on z ~ N(0, 1), x | z ~ N(z, s²), with q = N(0, 1) at one x, so that log p(x) and the divergences are known; and the gradient of the loss of every family.
/// </summary>
public sealed class VariationalBoundTests
{
    private const int Rows = 200_000;
    private const double NoiseVariance = 0.5;
    private const double X = 0.8;
    private static readonly RandomKey Key = RandomKey.FromSeed(20_261_127);

    public static TheoryData<string, bool> Models
    {
        get
        {
            TheoryData<string, bool> data = [];
            foreach (string family in Families.Keys)
            {
                data.Add(family, false);
                data.Add(family, true);
            }

            return data;
        }
    }

    private static Dictionary<string, IPosteriorFamily> Families { get; } = new()
    {
        ["diagonal Gaussian"] = new DiagonalGaussian(),
        ["planar"] = PlanarFlow.Family(2),
        ["planar, global"] = PlanarFlow.Family(2, amortized: false),
        ["Sylvester"] = SylvesterFlow.Family(2, 2),
        ["inverse autoregressive"] = InverseAutoregressiveFlow.Family(2, 5, 3),
        ["neural autoregressive"] = NeuralAutoregressiveFlow.Family(2, 3, 5, 3),
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void The_gradient_of_the_loss_is_that_of_central_differences(string family, bool weighted)
    {
        VariationalAutoencoder model = Model(Families[family], weighted ? new ImportanceWeightedObjective(3) : new EvidenceObjective(2));
        Tensor batch = FlowCase.Normals(Key.FoldIn(1), 8).Reshape(2, 4);
        TensorTree start = model.Initialize(Key.FoldIn(2)).Parameters;
        ulong index = 0;
        TensorTree parameters = start.Map(leaf => leaf + FlowCase.Normals(Key.FoldIn(3).FoldIn(index++), leaf.Count, 0.3).Reshape(leaf.Shape));
        TensorTree gradient = Differentiation.ValueAndGradient(tree => model.Loss(Key, tree, batch, []), parameters).Gradient;
        Assert.All(gradient.Leaves, leaf => Assert.Contains(leaf.ToArray(), value => value != 0));
        const double H = 1e-5;
        foreach ((string name, Tensor leaf) in parameters)
        {
            double[] values = leaf.ToArray();
            double[] analytic = gradient[name].ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                double numeric = (At(i, H) - At(i, -H)) / (2 * H);
                Assert.Equal(numeric, analytic[i], 1e-7 * (1 + Math.Abs(numeric)));
            }

            double At(int element, double shift)
            {
                double[] moved = [.. values];
                moved[element] += shift;
                return model.Loss(Key, parameters.With(name, Tensor.FromArray(moved, values.Length).Reshape(leaf.Shape)), batch, []).ToDouble();
            }
        }
    }

    [Fact]
    public void One_weight_is_the_evidence_bound_bit_for_bit()
    {
        Tensor batch = FlowCase.Normals(Key.FoldIn(1), 40).Reshape(10, 4).Cast(DType.Float32);
        TrainingState[] states = [.. ((IVariationalObjective[])[new EvidenceObjective(), new ImportanceWeightedObjective(1)]).Select(bound =>
        {
            VariationalAutoencoder model = Model(PlanarFlow.Family(), bound, DType.Float32);
            TrainingState state = model.Initialize(Key);
            for (ulong step = 0; step < 3; step++)
            {
                state = model.Train(Key.FoldIn(step), batch, state).State;
            }

            return state;
        })];
        Assert.All(states[0].Parameters.Zip(states[1].Parameters), pair => Assert.Equal(pair.First.Value.ToArray(), pair.Second.Value.ToArray()));
    }

    /// <summary>L_1 = log p(x) − KL(q ‖ posterior) in closed form; L_2 by quadrature over both draws. Six standard errors.</summary>
    [Fact]
    public void The_bounds_of_one_and_two_draws_are_the_exact_ones()
    {
        double posteriorVariance = NoiseVariance / (1 + NoiseVariance);
        double mean = X / (1 + NoiseVariance);
        double divergence = 0.5 * (((1 + (mean * mean)) / posteriorVariance) - 1 + Math.Log(posteriorVariance));
        AssertWithin(LogEvidence() - divergence, LogWeights(1), 1);

        const double Step = 0.02;
        double[] grid = [.. Enumerable.Range(0, 1001).Select(i => -10 + (Step * i))];
        double[] density = [.. grid.Select(z => Step * Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI))];
        double[] weight = [.. grid.Select(z => Math.Exp(LogLikelihood(z)))];
        double two = 0;
        for (int i = 0; i < grid.Length; i++)
        {
            for (int j = 0; j < grid.Length; j++)
            {
                two += density[i] * density[j] * Math.Log(Math.Max(double.Epsilon, 0.5 * (weight[i] + weight[j])));
            }
        }

        AssertWithin(two, LogWeights(2), 2);
    }

    /// <summary>The bound of all draws of an observation is at least the mean of the bounds of its halves, draw for draw (Jensen), and no more than the evidence in expectation.</summary>
    [Fact]
    public void The_bound_rises_with_the_draws_and_stays_below_the_evidence()
    {
        double[][] weights = LogWeights(16);
        double[] bounds = [.. new[] { 1, 2, 4, 8, 16 }.Select(draws => weights.Average(row => row.Chunk(draws).Average(LogMeanExp)))];
        for (int i = 1; i < bounds.Length; i++)
        {
            Assert.True(bounds[i] > bounds[i - 1]);
        }

        Assert.True(bounds[^1] < LogEvidence());
        Assert.Equal(bounds[^1], Estimate(new ImportanceWeightedObjective(16)).Bound.ToDouble(), 1e-12);
    }

    [Fact]
    public void The_figures_of_a_Gaussian_are_analytic()
    {
        BoundEstimate estimate = Estimate(new EvidenceObjective(3));
        Assert.Equal(0, estimate.Divergence.ToDouble(), 1e-12);
        DiagonalGaussian family = new();
        TensorTree parameters = family.Create(1, 2).Initialize(Key, DType.Float64)
            .With("mean.bias", Tensor.FromArray([0.3, -1.0], 2)).With("logScale.bias", Tensor.FromArray([0.2, -0.7], 2));
        IAmortizedPosterior posterior = family.Create(1, 2).Posterior(parameters, Tensor.Zeros(new Shape(100_000, 1), DType.Float64));
        double expected = new[] { (0.3, 0.2), (-1.0, -0.7) }.Sum(pair => (0.5 * ((pair.Item1 * pair.Item1) + Math.Exp(2 * pair.Item2) - 1)) - pair.Item2);
        Assert.All(posterior.Divergence!.ToArray(), value => Assert.Equal(expected, value, 1e-12));
        PosteriorDraws drawn = posterior.Sample(Key, 2);
        double[] differences = (drawn.LogDensity - new StandardNormalPrior().LogDensity(drawn.Latents)).ToArray();
        double error = Math.Sqrt(differences.Average(value => (value - expected) * (value - expected)) / differences.Length);
        Assert.Equal(expected, differences.Average(), 6 * error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void Draws_and_layers_outside_their_range_are_refused(int count)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvidenceObjective(count));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImportanceWeightedObjective(count));
        Assert.Throws<ArgumentOutOfRangeException>(() => PlanarFlow.Family(count));
        Assert.Throws<ArgumentOutOfRangeException>(() => SylvesterFlow.Family(2, count));
    }

    [Fact]
    public void Latents_that_do_not_vary_are_not_active()
    {
        VariationalAutoencoder model = Model(new DiagonalGaussian(), new EvidenceObjective());
        TrainingState state = model.Initialize(Key);
        Tensor batch = FlowCase.Normals(Key.FoldIn(1), 40).Reshape(10, 4);
        Assert.Equal(2, model.Diagnose(batch, state)["activeLatents"]);
        Tensor rows = state.Parameters["encoder.posterior.mean.weight"] * Tensor.FromArray([1.0, 1e-3], 2, 1);
        TrainingState silent = state with { Parameters = state.Parameters.With("encoder.posterior.mean.weight", rows) };
        Assert.Equal(1, model.Diagnose(batch, silent)["activeLatents"]);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void What_does_not_fit_or_is_not_finite_is_refused(string family, bool weighted)
    {
        VariationalAutoencoder model = Model(Families[family], weighted ? new ImportanceWeightedObjective(3) : new EvidenceObjective(2));
        TrainingState state = model.Initialize(Key);
        Tensor batch = FlowCase.Normals(Key.FoldIn(1), 40).Reshape(10, 4);
        Assert.Throws<NonFiniteStateException>(() => model.Train(Key, batch * double.NaN, state));
        Assert.Contains("[n, 4]", Assert.Throws<ArgumentException>(() => model.Train(Key, batch.Reshape(8, 5), state)).Message, StringComparison.Ordinal);
        Assert.Contains("[n, 4]", Assert.Throws<ArgumentException>(() => model.Encode(state.Parameters, batch.Reshape(40))).Message, StringComparison.Ordinal);
    }

    /// <summary>Simulated data whose mean over many draws at one latent point is the decoded one.</summary>
    [Fact]
    public void It_simulates_about_what_it_decodes()
    {
        const int Count = 20_000;
        VariationalAutoencoder model = Model(new DiagonalGaussian(), new EvidenceObjective());
        TensorTree parameters = model.Initialize(Key).Parameters;
        Tensor z = Tensor.FromArray([0.3, -1.1], 1, 2).BroadcastTo(new Shape(Count, 2));
        double[] decoded = model.Decode(parameters, z.Slice(0, 0, 1)).ToArray();
        double[] mean = model.Simulate(Key, parameters, z)!.Mean(0).ToArray();
        double deviation = 1 / Math.Sqrt(parameters["likelihood.tau"].Softplus().ToDouble());
        Assert.All(decoded.Zip(mean), pair => Assert.Equal(pair.First, pair.Second, 5 * deviation / Math.Sqrt(Count)));
    }

    private static VariationalAutoencoder Model(IPosteriorFamily family, IVariationalObjective bound, DType dtype = DType.Float64) => new(
        new VariationalAutoencoderParts(
            2, new DenseArchitecture([5], Activation.Tanh), new DenseArchitecture([4], Activation.Tanh, layerNormalization: false), new GaussianLikelihood(), family, bound, new Adam(1e-3), new Adam(1e-2), dtype),
        new DataDescription(4, null, 10));

    private static double LogLikelihood(double z) => (-0.5 * (X - z) * (X - z) / NoiseVariance) - (0.5 * Math.Log(2 * Math.PI * NoiseVariance));

    private static double LogEvidence() => (-0.5 * X * X / (1 + NoiseVariance)) - (0.5 * Math.Log(2 * Math.PI * (1 + NoiseVariance)));

    private static double LogMeanExp(double[] values)
    {
        double greatest = values.Max();
        return greatest + Math.Log(values.Average(value => Math.Exp(value - greatest)));
    }

    private static IAmortizedPosterior Posterior(int rows)
    {
        IPosteriorHead head = new DiagonalGaussian().Create(1, 1);
        return head.Posterior(head.Initialize(Key, DType.Float64), Tensor.Zeros(new Shape(rows, 1), DType.Float64));
    }

    private static BoundEstimate Estimate(IVariationalObjective bound) => bound.Estimate(
        Key, Posterior(Rows), new StandardNormalPrior(),
        z => (z - X).Square().ScaleShift(-0.5 / NoiseVariance, -0.5 * Math.Log(2 * Math.PI * NoiseVariance)).Reshape(z.Shape[0]));

    /// <summary>log w of every row and draw; with q equal to the prior it is the log likelihood.</summary>
    private static double[][] LogWeights(int draws)
    {
        double[] z = Posterior(Rows).Sample(Key, draws).Latents.ToArray();
        return [.. Enumerable.Range(0, Rows).Select(row => Enumerable.Range(0, draws).Select(draw => LogLikelihood(z[(draw * Rows) + row])).ToArray())];
    }

    private static void AssertWithin(double exact, double[][] weights, int draws)
    {
        double[] bounds = [.. weights.Select(LogMeanExp)];
        double error = Math.Sqrt(bounds.Average(value => (value - exact) * (value - exact)) / Rows);
        Assert.Equal(exact, Estimate(new ImportanceWeightedObjective(draws)).Bound.ToDouble(), 6 * error);
    }
}
