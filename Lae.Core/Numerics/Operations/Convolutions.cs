using Lae.Numerics.Engines;

namespace Lae.Numerics;

/// <summary>Differentiable two-dimensional convolutions, in the cross-correlation convention of neural networks.</summary>
public static class Convolutions
{
    /// <summary>x ⋆ kernel.</summary>
    /// <param name="x">[batch, channels, height, width].</param>
    /// <param name="kernel">[outputChannels, channels, kernelHeight, kernelWidth], the last two 1 or more.</param>
    /// <param name="stride">Step between windows, 1 or more.</param>
    /// <param name="padding">Zeros around each image, 0 or more.</param>
    /// <returns>[batch, outputChannels, (height + 2 padding − kernelHeight) / stride + 1, …].</returns>
    public static Tensor Convolve(this Tensor x, Tensor kernel, int stride = 1, int padding = 0)
    {
        RequireImages(x, kernel, stride, padding);
        if (x.Shape[1] != kernel.Shape[1] || kernel.Shape[2] > x.Shape[2] + (2 * padding) || kernel.Shape[3] > x.Shape[3] + (2 * padding))
        {
            throw new ArgumentException($"A kernel {kernel.Shape} does not fit images {x.Shape} with padding {padding}.", nameof(kernel));
        }

        ConvolutionPlan plan = new(
            x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], kernel.Shape[0], kernel.Shape[2], kernel.Shape[3], stride, padding);
        Tensor y = Forward(plan, x, kernel);
        return GradientFlow.Wants(x) || GradientFlow.Wants(kernel) ? Track(plan, x, kernel, y) : y;

        static Tensor Track(ConvolutionPlan plan, Tensor x, Tensor kernel, Tensor y)
        {
            return y.Tracked((plan, x, kernel), Rule, x, kernel);

            static void Rule((ConvolutionPlan Plan, Tensor X, Tensor Kernel) of, Tensor g, GradientFlow flow)
            {
                if (flow.Needs(of.X))
                {
                    flow.Add(of.X, InputGradient(of.Plan, g, of.Kernel.Untracked));
                }

                if (flow.Needs(of.Kernel))
                {
                    flow.Add(of.Kernel, KernelGradient(of.Plan, of.X.Untracked, g));
                }
            }
        }
    }

    /// <summary>The transposed convolution: what <see cref="Convolve"/> does to gradients, as a layer that enlarges.</summary>
    /// <param name="x">[batch, channels, height, width], the last two 1 or more.</param>
    /// <param name="kernel">[channels, outputChannels, kernelHeight, kernelWidth], the last two 1 or more.</param>
    /// <param name="stride">Enlargement, 1 or more.</param>
    /// <param name="padding">Border cut off, 0 or more.</param>
    /// <param name="outputPadding">Rows and columns added at the far edges, in [0, stride).</param>
    /// <returns>[batch, outputChannels, (height − 1) stride − 2 padding + kernelHeight + outputPadding, …].</returns>
    public static Tensor ConvolveTransposed(this Tensor x, Tensor kernel, int stride = 1, int padding = 0, int outputPadding = 0)
    {
        RequireImages(x, kernel, stride, padding);
        if (outputPadding < 0 || outputPadding >= stride)
        {
            throw new ArgumentOutOfRangeException(nameof(outputPadding), outputPadding, $"Must be in [0, {stride}).");
        }

        int height = ((x.Shape[2] - 1) * stride) - (2 * padding) + kernel.Shape[2] + outputPadding;
        int width = ((x.Shape[3] - 1) * stride) - (2 * padding) + kernel.Shape[3] + outputPadding;
        if (x.Shape[1] != kernel.Shape[0] || x.Shape[2] < 1 || x.Shape[3] < 1 || height < 1 || width < 1)
        {
            throw new ArgumentException($"A transposed kernel {kernel.Shape} does not fit images {x.Shape} with padding {padding}.", nameof(kernel));
        }

        ConvolutionPlan plan = new(x.Shape[0], kernel.Shape[1], height, width, kernel.Shape[0], kernel.Shape[2], kernel.Shape[3], stride, padding);
        Tensor y = InputGradient(plan, x.Untracked, kernel.Untracked);
        return GradientFlow.Wants(x) || GradientFlow.Wants(kernel) ? Track(plan, x, kernel, y) : y;

        static Tensor Track(ConvolutionPlan plan, Tensor x, Tensor kernel, Tensor y)
        {
            return y.Tracked((plan, x, kernel), Rule, x, kernel);

            static void Rule((ConvolutionPlan Plan, Tensor X, Tensor Kernel) of, Tensor g, GradientFlow flow)
            {
                if (flow.Needs(of.X))
                {
                    flow.Add(of.X, Forward(of.Plan, g, of.Kernel.Untracked));
                }

                if (flow.Needs(of.Kernel))
                {
                    flow.Add(of.Kernel, KernelGradient(of.Plan, g, of.X.Untracked));
                }
            }
        }
    }

    private static void RequireImages(Tensor x, Tensor kernel, int stride, int padding)
    {
        if (x.Rank != 4 || kernel.Rank != 4)
        {
            throw new ArgumentException($"Convolutions take images and kernels with four axes, not {x.Shape} and {kernel.Shape}.");
        }

        if (kernel.Shape[2] < 1 || kernel.Shape[3] < 1)
        {
            throw new ArgumentException($"A kernel of shape {kernel.Shape} has no window.", nameof(kernel));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
    }

    private static Tensor Forward(ConvolutionPlan plan, Tensor x, Tensor kernel)
    {
        Shape shape = new(plan.Batch, plan.OutputChannels, plan.OutputHeight, plan.OutputWidth);
        Tensor y = Tensor.Uninitialized(Workspace.Of(x.Workspace, kernel.Workspace), shape, Raw.Same(x, kernel));
        if (y.DType == DType.Float32)
        {
            y.Workspace.Engine.Float32.Convolve(plan, x.Read<float>(), kernel.Read<float>(), y.Write<float>());
        }
        else
        {
            y.Workspace.Engine.Float64.Convolve(plan, x.Read<double>(), kernel.Read<double>(), y.Write<double>());
        }

        return y;
    }

    private static Tensor InputGradient(ConvolutionPlan plan, Tensor gradient, Tensor kernel)
    {
        Shape shape = new(plan.Batch, plan.InputChannels, plan.InputHeight, plan.InputWidth);
        Tensor x = Tensor.Uninitialized(Workspace.Of(gradient.Workspace, kernel.Workspace), shape, Raw.Same(gradient, kernel));
        if (x.DType == DType.Float32)
        {
            x.Workspace.Engine.Float32.ConvolveInputGradient(plan, gradient.Read<float>(), kernel.Read<float>(), x.Write<float>());
        }
        else
        {
            x.Workspace.Engine.Float64.ConvolveInputGradient(plan, gradient.Read<double>(), kernel.Read<double>(), x.Write<double>());
        }

        return x;
    }

    private static Tensor KernelGradient(ConvolutionPlan plan, Tensor x, Tensor gradient)
    {
        Shape shape = new(plan.OutputChannels, plan.InputChannels, plan.KernelHeight, plan.KernelWidth);
        Tensor kernel = Tensor.Uninitialized(Workspace.Of(x.Workspace, gradient.Workspace), shape, Raw.Same(x, gradient));
        if (kernel.DType == DType.Float32)
        {
            kernel.Workspace.Engine.Float32.ConvolveKernelGradient(plan, x.Read<float>(), gradient.Read<float>(), kernel.Write<float>());
        }
        else
        {
            kernel.Workspace.Engine.Float64.ConvolveKernelGradient(plan, x.Read<double>(), gradient.Read<double>(), kernel.Write<double>());
        }

        return kernel;
    }
}
