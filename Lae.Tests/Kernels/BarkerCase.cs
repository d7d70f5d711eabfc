using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;

namespace Lae.Tests.Kernels;

/// <summary>A generated target and settings of the Barker kernel, with points and noise.</summary>
internal sealed record BarkerCase(Target Target, double StepSize, double Temperature, PreconditionerKind Kind, int Seed)
{
    private const int Points = 6;

    public Matrix<double> Preconditioner => new GaussianProblem(Target.Dimension, 1, 1, 1, Temperature, Kind, Seed).Preconditioner;

    public LangevinSettings Settings => new(StepSize, Temperature, Kind switch
    {
        PreconditionerKind.Identity => null,
        PreconditionerKind.Diagonal => Lae.Kernels.Preconditioner.Diagonal(Tensor.FromArray(Preconditioner.Diagonal().ToArray())),
        _ => Lae.Kernels.Preconditioner.Dense(ToTensor(Preconditioner)),
    });

    public Kernel<LangevinState> Kernel => Barker.Create(Target, Settings);

    public Tensor Positions() => GaussianProblem.Noise(Seed + 1, Points, Target.Dimension);

    public Tensor Noise() => GaussianProblem.Noise(Seed + 9, Points, Target.Dimension);

    /// <summary>The move of a kernel that should be Barker's, by noise of which about half of the directions flip.</summary>
    public BarkerMove Move(Kernel<LangevinState> kernel) => new(this, kernel, Positions(), Noise(), Tensor.FromArray(
        [.. GaussianProblem.Noise(Seed + 10, Points, Target.Dimension).ToArray().Select(value => 1 / (1 + Math.Exp(-2 * value)))], Points, Target.Dimension));

    /// <summary>One transition by given noise and one accept uniform for all.</summary>
    public Transition<LangevinState> Advance(Kernel<LangevinState> kernel, Tensor position, Tensor xi, Tensor signs, double uniform) =>
        Advance(kernel, position, xi, signs, Tensor.Full(uniform, new Shape(position.Shape[0]), DType.Float64));

    public static Transition<LangevinState> Advance(Kernel<LangevinState> kernel, Tensor position, Tensor xi, Tensor signs, Tensor uniform) =>
        kernel.Advance(new Noise(TensorTree.Of(("xi", xi), ("uniformSigns", signs), ("uniform", uniform))), kernel.Initialize(position));

    /// <summary>y: with the accept uniform at 0, whatever is finite is taken.</summary>
    public static Tensor Propose(Kernel<LangevinState> kernel, Tensor position, Tensor xi, Tensor signs) =>
        Advance(kernel, position, xi, signs, Tensor.Zeros(new Shape(position.Shape[0]), DType.Float64)).State.Position;

    public override string ToString() => $"{Target.Name}, h = {StepSize:R}, T = {Temperature:R}, {Kind}, seed {Seed}";
}

/// <summary>Points x and what a kernel proposes from them, with every term of the law that the proposal should have.</summary>
internal sealed class BarkerMove
{
    private const double LowestLog = -700;
    private readonly BarkerCase on;
    private readonly Tensor x;
    private readonly Tensor y;
    private readonly Tensor xi;
    private readonly Tensor signs;
    private readonly Matrix<double> z;
    private readonly double[] logHere;
    private readonly double[] logThere;
    private readonly Matrix<double> there;

    public BarkerMove(BarkerCase on, Kernel<LangevinState> kernel, Tensor x, Tensor xi, Tensor signs)
    {
        (this.on, this.x, this.xi, this.signs) = (on, x, xi, signs);
        Matrix<double> root = on.Preconditioner.Cholesky().Factor;
        Transition<LangevinState> taken = on.Advance(kernel, x, xi, signs, 0);
        y = taken.State.Position;
        Reported = (-taken.Info.EnergyError!).ToArray();
        z = root.Solve(ToMatrix(y - x).Transpose()).Transpose();
        (LogDensityAndGradient atX, LogDensityAndGradient atY) = (on.Target.Evaluate(x), on.Target.Evaluate(y));
        logHere = (atX.LogDensity * (1 / on.Temperature)).ToArray();
        logThere = (atY.LogDensity * (1 / on.Temperature)).ToArray();
        Here = ToMatrix(atX.Gradient) * root / on.Temperature;
        there = ToMatrix(atY.Gradient) * root / on.Temperature;
    }

    /// <summary>r as the kernel reports it.</summary>
    public double[] Reported { get; }

    /// <summary>c(x) = Sᵀ ∇log π(x)/T.</summary>
    public Matrix<double> Here { get; }

    /// <summary>I-18, r = ln of π(y) Π (1 + e^(−z c(x))) / π(x) Π (1 + e^(z c(y))).</summary>
    public double Ratio(int i) => logThere[i] - logHere[i] + Enumerable.Range(0, z.ColumnCount).Sum(j => Softplus(-z[i, j] * Here[i, j]) - Softplus(z[i, j] * there[i, j]));

    /// <summary>The size of the terms.</summary>
    public double Scale(int i) => 1 + Math.Abs(logThere[i]) + Math.Abs(logHere[i])
        + Enumerable.Range(0, z.ColumnCount).Sum(j => Math.Abs(z[i, j] * Here[i, j]) + Math.Abs(z[i, j] * there[i, j]));

    /// <summary>The move from y to x, all of its directions kept.</summary>
    public BarkerMove Back(Kernel<LangevinState> kernel) => new(on, kernel, y, ReverseNoise(), Tensor.Full(1e-300, xi.Shape, DType.Float64));

    /// <summary>
    /// How far log π(x)/T + log q(x, y) + log α(x, y) is from its reverse, relative to the size of its terms: α is the uniform at which the kernel's decision changes, q the closed density.
    /// </summary>
    public double[] FluxGaps(Kernel<LangevinState> kernel)
    {
        double[] forward = LogAcceptance(kernel, x, xi, signs);
        double[] backward = LogAcceptance(kernel, y, ReverseNoise(), Tensor.Full(1e-300, xi.Shape, DType.Float64));
        return [.. Enumerable.Range(0, z.RowCount).Select(i =>
        {
            // the normal factors of q are even in z and cancel
            double there = logThere[i] - z.Row(i).Zip(this.there.Row(i), (move, c) => Softplus(move * c)).Sum();
            double here = logHere[i] - z.Row(i).Zip(Here.Row(i), (move, c) => Softplus(-move * c)).Sum();
            double expected = Math.Clamp(there - here, LowestLog, -LowestLog);
            return Math.Abs(forward[i] - backward[i] - expected) / Scale(i);
        })];
    }

    private static double Softplus(double value) => Math.Max(value, 0) + Math.Log(1 + Math.Exp(-Math.Abs(value)));

    private Tensor ReverseNoise() => ToTensor(z / -Math.Sqrt(2 * on.StepSize * on.Temperature));

    private static double[] LogAcceptance(Kernel<LangevinState> kernel, Tensor position, Tensor xi, Tensor signs)
    {
        int points = position.Shape[0];
        int d = kernel.Dimension;
        double[] from = position.ToArray();
        double[] low = [.. Enumerable.Repeat(LowestLog, points)];
        double[] high = new double[points];
        for (int round = 0; round < 60; round++)
        {
            double[] middle = [.. low.Zip(high, (a, b) => 0.5 * (a + b))];
            double[] to = BarkerCase.Advance(kernel, position, xi, signs, Tensor.FromArray([.. middle.Select(Math.Exp)])).State.Position.ToArray();
            for (int i = 0; i < points; i++)
            {
                bool moved = !to.AsSpan(i * d, d).SequenceEqual(from.AsSpan(i * d, d));
                (moved ? ref low[i] : ref high[i]) = middle[i];
            }
        }

        return low;
    }
}
