using Lae.Kernels;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>
/// Amortized Langevin dynamics against exact posteriors of the conjugate toy: n = 100 points, d = 1,024 features, double precision, seed 1.
/// </summary>
public sealed class AmortizedLangevinExactnessTests
{
    private const int Points = 100;
    private const int Width = 1024;
    private const ulong Seed = 1;
    private const int PreconditionedSteps = 5_000;
    private const int PlainSteps = 15_000;
    private const double StepSize = 0.15;

    [Fact]
    public void PreconditionedAldSamplesEachPosterior()
    {
        ConjugateToy toy = new(Points, Width, Seed);
        Moments moments = RunPreconditioned(toy, PreconditionedSteps);
        Assert.InRange(moments.MedianVarianceRatio(toy), 0.95, 1.05);
        Assert.True(moments.LargestMeanError(toy) < 0.15, $"mean error {moments.LargestMeanError(toy)}");
    }

    [Fact]
    public void PlainAldDoesNotMixInThriceTheSteps()
    {
        ConjugateToy toy = new(Points, Width, Seed);
        Assert.True(LatentCoordinates.ConditionNumber(toy.Features) > 1e6);
        Moments moments = RunPlain(toy, PlainSteps);
        Assert.True(moments.MedianVarianceRatio(toy) < 0.5, $"variance ratio {moments.MedianVarianceRatio(toy)}");
    }

    [Fact]
    public void LeastNormFitReproducesTheMovedPoints()
    {
        ConjugateToy toy = new(20, 128, Seed, layers: 1);
        double[] normals = new double[40];
        RowDraws.Normal(RandomKey.FromSeed(3), 0, 0, 20, 2, normals);
        Tensor moved = Tensor.FromArray(normals, 20, 2);
        Tensor fitted = LeastNormUpdate.Fit(toy.Features, toy.LastLayer, moved);
        Assert.True((toy.Features.MatMul(fitted, transposeB: true) - moved).Abs().Flatten().Max(0).ToDouble() < 1e-6);
    }

    [Fact]
    public void ASingularGramMatrixIsNamed()
    {
        ConjugateToy narrow = new(20, 16, Seed);
        Tensor latents = narrow.Features.MatMul(narrow.LastLayer, transposeB: true);
        ArithmeticException few = Assert.Throws<ArithmeticException>(() => LeastNormUpdate.Fit(narrow.Features, narrow.LastLayer, latents));
        Assert.Contains("16 features cannot tell 20 datapoints apart", few.Message, StringComparison.Ordinal);
        ConjugateToy wide = new(20, 64, Seed);
        Tensor repeated = wide.Features.GatherRows([.. Enumerable.Repeat(0, 2), .. Enumerable.Range(1, 18)]);
        ArithmeticException twice = Assert.Throws<ArithmeticException>(() => LeastNormUpdate.Fit(repeated, wide.LastLayer, latents));
        Assert.Contains("repeated", twice.Message, StringComparison.Ordinal);
    }

    /// <summary>The chain runs on Z; Φ is written after every step, and Z is read back from the encoder, so what is measured are encodings.</summary>
    private static Moments RunPreconditioned(ConjugateToy toy, int steps)
    {
        Workspace workspace = Workspace.Pooled();
        PreconditionedAmortizedLangevin latent = new();
        LatentCoordinates coordinates = latent.Coordinates(toy.Density, toy.Features, toy.LastLayer);
        Kernel<LangevinState> kernel = latent.On(coordinates, StepSize);
        Moments moments = new(Points, 2);
        Tensor l = LatentCoordinates.Gram(toy.Features).Cholesky();
        Tensor solver = l.TriangularSolve(l.TriangularSolve(toy.Features), transpose: true);
        Tensor lastLayer = toy.LastLayer.CopyTo(workspace);
        LangevinState state = kernel.Initialize(coordinates.Start.CopyTo(workspace));
        Chains chains = Chains.Range(Points);
        for (int step = 0; step < steps; step++)
        {
            LangevinState next = kernel.Transition(new NoiseSource(RandomKey.FromSeed(Seed), step, chains, workspace), state).State;
            lastLayer += (next.Position - state.Position).MatMul(solver, transposeA: true);
            state = next;
            moments.Add(toy.Features.MatMul(lastLayer, transposeB: true), step >= steps / 10);
            workspace.Collect(0, state.Position, state.LogDensity, state.Gradient, lastLayer);
        }

        return moments;
    }

    private static Moments RunPlain(ConjugateToy toy, int steps)
    {
        Workspace workspace = Workspace.Pooled();
        PlainAmortizedLangevin latent = new(metropolis: false);
        LatentCoordinates coordinates = latent.Coordinates(toy.Density, toy.Features, toy.LastLayer);
        double largestOfK = LatentCoordinates.Gram(toy.Features).SymmetricEigen().Values.ElementAt(Points - 1);
        double largestOfA = toy.Precision.SymmetricEigen().Values.ElementAt(1);
        Kernel<LangevinState> kernel = latent.On(coordinates, 1 / (largestOfK * largestOfA));
        Moments moments = new(Points, 2);
        LangevinState state = kernel.Initialize(coordinates.Start.CopyTo(workspace));
        Chains chains = Chains.Range(1);
        for (int step = 0; step < steps; step++)
        {
            state = kernel.Transition(new NoiseSource(RandomKey.FromSeed(Seed), step, chains, workspace), state).State;
            moments.Add(coordinates.ToLatents(state.Position), step >= steps / 10);
            workspace.Collect(0, state.Position, state.LogDensity, state.Gradient);
        }

        return moments;
    }

    private sealed class Moments(int points, int size)
    {
        private readonly double[] sums = new double[points * size];
        private readonly double[] squares = new double[points * size];
        private int count;

        public void Add(Tensor latents, bool counted)
        {
            if (!counted)
            {
                return;
            }

            count++;
            ReadOnlySpan<double> values = latents.AsSpan<double>();
            for (int i = 0; i < values.Length; i++)
            {
                sums[i] += values[i];
                squares[i] += values[i] * values[i];
            }
        }

        public double MedianVarianceRatio(ConjugateToy toy)
        {
            double[] ratios = [.. Enumerable.Range(0, sums.Length).Select(i =>
            {
                double mean = sums[i] / count;
                return ((squares[i] / count) - (mean * mean)) / toy.Covariance.ElementAt((i % size) * (size + 1));
            }).Order()];
            return (ratios[(ratios.Length - 1) / 2] + ratios[ratios.Length / 2]) / 2;
        }

        public double LargestMeanError(ConjugateToy toy) => Enumerable.Range(0, sums.Length).Max(i => Math.Abs((sums[i] / count) - toy.Means.ElementAt(i)));
    }
}
